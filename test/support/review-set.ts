import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { inject } from 'vitest';
import type { TaskRequest } from '../../rpc/contract/jobs.ts';
import { runTask } from '../../rpc/run-task.ts';
import type { CoreClient } from '../../rpc/transport/client.ts';
import { madeOnce } from './made-once.ts';

/** Names as real sets have them: long, alike at the start, told apart by their ends. */
const longNames = (count: number): string[] =>
  ['cherry-green', 'cherry-red'].concat(
    Array.from(
      { length: count - 2 },
      (_, i) => `apple golden delicious from the late harvest, crate ${String(i + 1).padStart(3, '0')}`,
    ),
  );

/** A picture whose colour and stripes follow from its class; the same numbers give the same bytes. */
async function striped(kind: number, number: number, width: number, height: number): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3);
  const [left, top] = [(number * 23) % width, (number * 31) % height];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const stripe = (x + (kind % 5) * y + number) % (6 + (kind % 7)) < 3 ? 60 : 0;
      // A patch of its own place and colour: stripes alone would be copies of each other.
      const inPatch = Math.abs(x - left) < width / 5 && Math.abs(y - top) < height / 5;
      for (let c = 0; c < 3; c++) {
        const ground = ((kind * [37, 91, 151][c]!) % 160) + stripe + ((number * 7 + x) % 9);
        pixels[(y * width + x) * 3 + c] = inPatch ? (number * [53, 29, 71][c]!) % 200 : ground;
      }
    }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

interface ReviewSet {
  classes: readonly string[];
  synthetic: number;
  /** Real images of each class: 3 where it is not said. */
  real?: number;
  /** What embeds them; the default model where it is not said. */
  model?: string;
  /** Images of sizes of their own, every third with two boxes. */
  mixed?: boolean;
  /** Boxes of the first image, in rows of ten. */
  boxes?: number;
  /** Two boxes on every real image, so that objects are judged. */
  realBoxes?: boolean;
  queue?: Partial<TaskRequest<'queue'>>;
}

type PictureSet = Omit<ReviewSet, 'queue'>;

/** Sets that many tests share, since scoring one takes longer than most tests. */
export const FEW_CLASSES: PictureSet = { classes: ['brick', 'leaf', 'water'], synthetic: 90, mixed: true };
export const TEN_CLASSES: PictureSet = { classes: longNames(10), synthetic: 12, mixed: true };
/** Long names, 120 classes, an image with 40 boxes. */
export const MANY_CLASSES: PictureSet = {
  classes: longNames(120),
  real: 2,
  model: 'patch256',
  synthetic: 60,
  mixed: true,
  boxes: 40,
};
const nameOf = (set: PictureSet): string =>
  `review-${createHash('sha256').update(JSON.stringify(set)).digest('hex').slice(0, 12)}`;

/** The folder of the synthetic pictures that `makeReviewSet` imported. */
export const syntheticOf = (set: PictureSet): string =>
  join(inject('runFolder'), nameOf(set), 'project-set', 'synthetic');

/** A scored project of such pictures, made once and copied, with a queue of its synthetic images. Its folder. */
export async function makeReviewSet(
  core: CoreClient,
  path: string,
  { queue = {}, ...set }: ReviewSet,
): Promise<string> {
  const { project } = await madeOnce(nameOf(set), path, (own, original) => makeScoredSet(own, original, set));
  await runTask(core, 'queue', { project, by: 'ada', budget: { share: 1 }, everything: true, ...queue });
  return project;
}

const boxAt = (label: string, x: number, y = 4, wide = 12, tall = 20) => ({
  label,
  format: 'xywh-pixel',
  values: [x, y, wide, tall],
});

async function makeScoredSet(
  core: CoreClient,
  path: string,
  { classes, synthetic, real: each = 3, model, mixed = false, boxes = 0, realBoxes = false }: PictureSet,
): Promise<void> {
  const by = 'ada';
  const real = join(`${path}-set`, 'real');
  const realLines: string[] = [];
  for (const [kind, name] of classes.entries()) {
    mkdirSync(join(real, name), { recursive: true });
    for (let i = 0; i < each; i++)
      writeFileSync(join(real, name, `${i}.png`), await striped(kind, i, 64, 48));
    for (let i = 0; realBoxes && i < each; i++)
      realLines.push(
        JSON.stringify({ path: `${name}/${i}.png`, label: name, boxes: [3, 20].map((x) => boxAt(name, x)) }),
      );
  }
  if (realBoxes) writeFileSync(join(real, 'manifest.jsonl'), realLines.join('\n'));
  const made = join(`${path}-set`, 'synthetic');
  mkdirSync(made, { recursive: true });
  const lines: string[] = [];
  for (let i = 0; i < synthetic; i++) {
    const kind = (i * 7) % classes.length;
    const width = mixed ? 40 + ((i * 13) % 90) : 64;
    const height = mixed ? 40 + ((i * 29) % 70) : 48;
    writeFileSync(join(made, `${i}.png`), await striped(kind, 100 + i, width, height));
    const label = classes[i % 11 === 5 ? (kind + 1) % classes.length : kind]!;
    const many =
      i === 0
        ? Array.from({ length: boxes }, (_, k) => boxAt(label, 4 * (k % 10), 9 * Math.floor(k / 10), 3, 7))
        : [];
    const two = mixed && i % 3 === 0 ? [boxAt(label, 3), boxAt(label, 20)] : [];
    const drawn = many.length > 0 ? many : two;
    lines.push(
      JSON.stringify({
        path: `${i}.png`,
        label,
        ...(drawn.length > 0 ? { boxes: drawn } : {}),
      }),
    );
  }
  writeFileSync(join(made, 'manifest.jsonl'), lines.join('\n'));
  const { folder: project } = await core.projects.create({ project: path, by, model });
  await runTask(core, 'import', { project, by, from: real, role: 'real' });
  await runTask(core, 'import', { project, by, from: made, role: 'synthetic' });
  await runTask(core, 'score', { project, by });
}
