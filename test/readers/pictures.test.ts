import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import type { Box } from '../../core/base/boxes.ts';
import { pngMaker } from '../../core/release/formats/original.ts';
import { DecodePool } from '../../imaging/decode-pool.ts';
import { bmp, dicom } from '../../imaging/testing/build.ts';
import type { ImageFormat } from '../../imaging/types.ts';
import { temporaryFolder } from '../support/folders.ts';
import { exportTo, makeItem } from '../support/releases.ts';
import { READERS, readWith } from './read.ts';
import type { Read } from './reading.ts';

const [WIDTH, HEIGHT] = [24, 16];

/** The same picture, dark with a bright corner of 8 x 4, as files that not every reader takes or turns. */
async function files(): Promise<Record<string, { format: ImageFormat; bytes: Buffer }>> {
  const grey = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) =>
    i % WIDTH < 8 && i < WIDTH * 4 ? 255 : 20,
  );
  const picture = sharp(grey, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } });
  const deep = sharp(
    Uint16Array.from(grey, (level) => level * 257),
    {
      raw: { width: WIDTH, height: HEIGHT, channels: 1 },
    },
  );
  // Turned so that it is upright again once its orientation, 6, is applied.
  const turned = picture.clone().rotate(270).withMetadata({ orientation: 6 });
  return {
    '16.tif': {
      format: 'tiff',
      bytes: await deep.toColourspace('grey16').tiff({ compression: 'none' }).toBuffer(),
    },
    'a.gif': { format: 'gif', bytes: await picture.clone().gif().toBuffer() },
    'a.avif': { format: 'avif', bytes: await picture.clone().avif({ effort: 0 }).toBuffer() },
    'a.bmp': {
      format: 'bmp',
      bytes: bmp({
        width: WIDTH,
        height: -HEIGHT,
        bits: 8,
        palette: Array.from({ length: 256 }, (_, i) => [i, i, i]),
        data: grey,
      }),
    },
    'turned.jpg': { format: 'jpeg', bytes: await turned.jpeg({ quality: 95 }).toBuffer() },
    'a.dcm': { format: 'dicom', bytes: dicom({ rows: HEIGHT, columns: WIDTH, pixels: grey }) },
  };
}

function imagesOf(read: Read | undefined) {
  if (!read || 'error' in read) throw new Error(read?.error);
  return read.splits['train'] ?? [];
}

test.skipIf(READERS === null)(
  'pictures that readers do not take are released as PNGs that they do',
  async () => {
    const pool = new DecodePool({ workers: 1 });
    onTestFinished(() => pool.close());
    const folder = temporaryFolder();
    const originals = join(folder, 'originals', 'corner');
    mkdirSync(originals, { recursive: true });
    const items = await Promise.all(
      Object.entries(await files()).map(async ([name, { format, bytes }]) => {
        writeFileSync(join(originals, name), bytes);
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        const box: Box = { label: 'corner', format: 'xywh-pixel', values: [0, 0, 8, 4] };
        const image = { bytes, sha256, format: 'png', width: WIDTH, height: HEIGHT } as const;
        const item = await makeItem(join(folder, 'stored'), image, {
          label: 'corner',
          split: 'train',
          boxes: [box],
        });
        return { ...item, format, asPng: true };
      }),
    );
    const [yolo, classes] = [join(folder, 'yolo'), join(folder, 'classes')];
    await exportTo(yolo, 'yolo', items, {}, pngMaker(pool));
    await exportTo(classes, 'folder', items, {}, pngMaker(pool));

    for (const { fileName } of items) {
      const bytes = readFileSync(join(yolo, 'images', 'train', fileName));
      const { data, info } = await sharp(bytes).greyscale().raw().toBuffer({ resolveWithObject: true });
      expect(info).toMatchObject({ width: WIDTH, height: HEIGHT });
      // The middle of the corner, and of what is no corner.
      expect([data[2 * WIDTH + 4]! > 200, data[10 * WIDTH + 16]! < 60]).toEqual([true, true]);
    }
    const [boxed] = await readWith('ultralytics', [yolo]);
    const found = imagesOf(boxed);
    expect(found).toHaveLength(items.length);
    for (const { boxes } of found)
      expect(boxes!.map(({ box }) => box.map(Math.round))).toEqual([[0, 0, 8, 4]]);
    const [released, asTheyAre] = await readWith('torchvision', [classes, join(folder, 'originals')]);
    expect(imagesOf(released)).toHaveLength(items.length);
    // Of the files themselves it takes the TIFF, the BMP and the JPEG.
    expect(imagesOf(asTheyAre)).toHaveLength(3);
  },
);
