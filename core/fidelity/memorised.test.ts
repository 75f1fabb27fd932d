import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Picture } from '../../imaging/canvas.ts';
import { encodeImage } from '../../imaging/encode.ts';
import { families } from '../../imaging/faults/index.ts';
import { Random } from '../../imaging/random.ts';
import { runTask } from '../../rpc/run-task.ts';
import { startCore } from '../../test/support/core.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { scene } from '../../test/support/scene.ts';
import { memorisedSentence } from './verdict.ts';

const by = 'Mara';

async function write(file: string, { rgb, width, height }: Picture): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, await encodeImage(rgb, width, height, 'jpeg', { quality: 90 }));
}

const picture = (key: number): Picture => scene(key, 64, 64);

test('a batch of which half is moved a little from seed images is called memorised, first of all', async () => {
  const set = temporaryFolder();
  const side = (i: number): string => (i % 2 ? 'a' : 'b');
  for (let i = 0; i < 64; i++) await write(join(set, 'real', side(i), `${i}.jpg`), picture(i));
  for (let i = 0; i < 60; i++) {
    // Shifted by up to 3 pixels, and up to 4 % brighter or darker.
    const copied = families.get('shifted')!.apply(picture(i), new Random(i, 'moved'), (i % 10) / 10);
    await write(join(set, 'batch', side(i), `${i}.jpg`), i < 30 ? (await copied).picture : picture(500 + i));
  }
  const core = startCore();
  const { folder: project } = await core.projects.create({ project: join(set, 'p'), by, model: 'patch256' });
  await runTask(core, 'import', { project, by, from: join(set, 'real'), role: 'real' });
  await runTask(core, 'import', { project, by, from: join(set, 'batch'), role: 'synthetic' });
  await runTask(core, 'score', { project, by });
  const { report } = await runTask(core, 'report', { project });

  expect(report.copied.of).toBe(60);
  expect(report.copied.images).toBeGreaterThanOrEqual(26);
  expect(report.copied.images).toBeLessThanOrEqual(30);
  expect(report.verdict.headline).toMatch(
    /^Memorised: (4[3-8]|50) % of the batch \((2[6-9]|30) of 60 images\) are copies/,
  );
  expect(report.memorised.every(({ confirmed }) => confirmed)).toBe(true);
}, 240_000);

test('single copies are not yet memory', () => {
  expect(memorisedSentence({ images: 0, of: 600, interval: [0, 0.006] })).toBeNull();
  expect(memorisedSentence({ images: 10, of: 600, interval: [0.008, 0.03] })).toBeNull();
  expect(memorisedSentence({ images: 300, of: 600, interval: [0.4592, 0.5408] })).toBe(
    'Memorised: 50 % of the batch (300 of 600 images) are copies of real images, so its generator copies 46 % to 54 % of what it makes (95 % confidence).',
  );
});
