/**
 * Draws the clean pictures of one world and does nothing else. A process of its own: it reads SVG, which the product's
 * sharp refuses. Reads a `DrawTask` as JSON on standard input.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import sharp from 'sharp';
import { Random } from '../../../imaging/random.ts';
import { perClass, SIDES, type Sizes } from '../sides.ts';
import type { DrawnWorld } from './define.ts';
import { drawings } from './drawings.ts';
import { garments, shoes } from './garments.ts';
import { patterns } from './patterns.ts';
import { solids } from './solids.ts';

const DRAWN: Record<string, DrawnWorld> = { drawings, garments, shoes, patterns, solids };

export interface DrawTask {
  world: string;
  folder: string;
  sizes: Sizes;
}

sharp.cache(false);
sharp.concurrency(1);

const { world, folder, sizes } = JSON.parse(await text(process.stdin)) as DrawTask;
const drawing = DRAWN[world]!;
const { classes, size } = drawing;
for (const side of SIDES)
  for (const name of classes) {
    const into = join(folder, side, name);
    mkdirSync(into, { recursive: true });
    const count = perClass(sizes[side], classes.length);
    for (let i = 0; i < count; i++) {
      const random = new Random('judgement', world, side, name, i);
      const generated = side === 'synthetic';
      const drawn = drawing.draw(name, generated, random);
      const rgb =
        typeof drawn === 'string'
          ? await sharp(Buffer.from(drawn), { density: 72 })
              .resize(size, size, { fit: 'fill' })
              .removeAlpha()
              .toColourspace('srgb')
              .raw()
              .toBuffer()
          : drawn;
      const image = sharp(exposed(rgb, generated, random), {
        raw: { width: size, height: size, channels: 3 },
      });
      // The batch is encoded later, once faults are in it; until then nothing must be lost.
      if (generated) await image.png().toFile(join(into, `${i}.png`));
      else await image.jpeg({ quality: 86 + random.integer(10) }).toFile(join(into, `${i}.jpg`));
    }
  }

/** A camera's exposure, white balance and grain; little of each where generated. */
function exposed(rgb: Uint8Array, generated: boolean, random: Random): Uint8Array {
  const spread = generated ? 0.02 : 0.06;
  const grain = generated ? 0.8 : random.uniform(1.5, 5);
  const gains = Array.from({ length: 3 }, () => 1 + random.normal() * spread);
  return Uint8Array.from(rgb, (value, i) =>
    Math.min(255, Math.max(0, Math.round(value * gains[i % 3]! + grain * random.grain()))),
  );
}
