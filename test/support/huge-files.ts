import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { mapsFolder, newVersion, writeLayout } from '../../core/explore/maps/map-files.ts';
import { gaussian, mulberry32 } from '../../core/base/numeric/random.ts';
import { addressOf } from '../../imaging/store.ts';
import { thumbnailOf } from '../../imaging/renditions.ts';

const THUMBS = 200;

/** First numbers of the three batches: 3 % real, 1 % held out, the rest synthetic. */
export function bounds(images: number): { holdout: number; synthetic: number } {
  const holdout = 1 + Math.ceil(images * 0.03);
  return { holdout, synthetic: holdout + Math.ceil(images * 0.01) };
}

/** A disc before a slope of colour: different for every seed, and small as a file. */
function picture(seed: number, width: number, height: number): Buffer {
  const random = mulberry32(seed);
  const [a, b, c] = Array.from({ length: 3 }, () => Array.from({ length: 3 }, () => 255 * random()));
  const [x0, y0] = [width * (0.3 + 0.4 * random()), height * (0.3 + 0.4 * random())];
  const radius = height * (0.15 + 0.2 * random());
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const inside = (x - x0) ** 2 + (y - y0) ** 2 < radius ** 2;
      const along = (x / width + y / height) / 2;
      for (let channel = 0; channel < 3; channel++)
        pixels[at++] = inside ? c![channel]! : a![channel]! * (1 - along) + b![channel]! * along;
    }
  return pixels;
}

/** Real JPEG files where the rows say that the images lie: `<root>/part-<class>/<number>.jpg`. */
export async function makeOriginals(
  root: string,
  ids: number[],
): Promise<Map<number, { sha256: string; bytes: number }>> {
  const made = new Map<number, { sha256: string; bytes: number }>();
  for (const id of ids) {
    const folder = join(root, `part-${String(1 + (id % 20)).padStart(2, '0')}`);
    mkdirSync(folder, { recursive: true });
    const raw = { width: 512, height: 384, channels: 3 } as const;
    const bytes = await sharp(picture(id, raw.width, raw.height), { raw })
      .jpeg({ quality: 85 })
      .toBuffer();
    writeFileSync(join(folder, `${String(id).padStart(7, '0')}.jpg`), bytes);
    made.set(id, { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length });
  }
  return made;
}

/** A few hundred pictures under many names: hard links, which cost no space. */
export async function makeThumbs(folder: string, count: number, sha: (id: number) => string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const kinds = Math.min(count, THUMBS);
  for (let byte = 0; byte < 256 && count > 0; byte++)
    mkdirSync(join(folder, byte.toString(16).padStart(2, '0')), { recursive: true });
  const first: string[] = [];
  for (let id = 1; id <= kinds; id++) {
    const file = addressOf(folder, sha(id), '.webp');
    writeFileSync(
      file,
      await thumbnailOf({ rgb: picture(id, 256, 192), width: 256, height: 192, alpha: null }),
    );
    first.push(file);
  }
  for (let id = kinds + 1; id <= count; id++)
    linkSync(first[id % kinds]!, addressOf(folder, sha(id), '.webp'));
}

/** Twenty clouds, in the format of rpc/contract/maps.ts. */
export function writeMap(folder: string, images: number, model: string): void {
  const { holdout, synthetic } = bounds(images);
  const bytes = Buffer.alloc(images * 16);
  const random = mulberry32(1);
  for (let id = 1, at = 0; id <= images; id++, at += 16) {
    const angle = ((id % 20) / 20) * 2 * Math.PI;
    bytes.writeFloatLE(5 * Math.cos(angle) + gaussian(random), at);
    bytes.writeFloatLE(5 * Math.sin(angle) + gaussian(random), at + 4);
    bytes.writeUInt32LE(id, at + 8);
    bytes.writeUInt8(id < holdout ? 0 : id < synthetic ? 1 : 2, at + 12);
    bytes.writeUInt16LE(id % 20, at + 14);
  }
  writeLayout(mapsFolder(folder), 'pca', bytes, {
    model,
    points: images,
    images,
    lastFile: images,
    decision: 0,
    seed: 1,
    version: newVersion(),
  });
}
