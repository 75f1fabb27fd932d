import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { families, type Picture } from '../../imaging/faults/index.ts';
import { encodeImage } from '../../imaging/encode.ts';
import { Random } from '../../imaging/random.ts';
import { runTask } from '../../rpc/run-task.ts';
import { startCore } from '../../test/support/core.ts';
import { temporaryFolder } from '../../test/support/folders.ts';

const by = 'ada';
const SIDE = 96;
const FAULTS = ['torn', 'text', 'foreign-part'];

/** Soft stripes with a disc: no two alike, all of one kind. */
function sound(random: Random): Picture {
  const rgb = new Uint8Array(SIDE * SIDE * 3);
  const [phase, tilt, pitch] = [random.uniform(0, 6), random.uniform(-1, 1), random.uniform(5, 9)];
  const [cx, cy, radius] = [random.uniform(30, 66), random.uniform(30, 66), random.uniform(12, 20)];
  for (let y = 0, at = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      const wave = 25 * Math.sin(phase + (x + tilt * y) / pitch);
      const disc = Math.hypot(x - cx, y - cy) < radius ? 60 : 0;
      for (const base of [90, 120, 60]) rgb[at++] = base + wave + disc + random.uniform(-4, 4);
    }
  return { width: SIDE, height: SIDE, rgb };
}

test('torn, written on and foreign parts are the oddest, and the map shows where', async () => {
  const folder = temporaryFolder();
  const random = new Random('artefacts');
  const write = async (role: string, name: string, picture: Picture): Promise<void> => {
    mkdirSync(join(folder, role, 'part'), { recursive: true });
    writeFileSync(
      join(folder, role, 'part', `${name}.png`),
      await encodeImage(picture.rgb, SIDE, SIDE, 'png'),
    );
  };
  for (let i = 0; i < 60; i++) await write('real', `${i}`, sound(random));
  const masks = new Map<string, Uint8Array>();
  for (let i = 0; i < 80; i++) {
    const fault = i < 9 ? families.get(FAULTS[i % 3]!)! : null;
    const picture = sound(random);
    const noise = { ...picture, rgb: picture.rgb.map(() => random.integer(256)) };
    const made = fault ? await fault.apply(picture, random, 0.8, noise) : { picture, mask: null };
    if (made.mask) masks.set(`part/${i}.png`, made.mask);
    await write('synthetic', `${i}`, made.picture);
  }

  const core = startCore();
  const { folder: project } = await core.projects.create({ project: join(folder, 'odd'), by });
  for (const role of ['real', 'synthetic'] as const)
    await runTask(core, 'import', { project, by, from: join(folder, role), role, batch: role });
  await runTask(core, 'score', { project, by });
  const { view } = await core.images.query({ project, filter: { batches: ['synthetic'] } });
  const rows = await core.images.rows({ project, view, offset: 0, limit: 80 });
  const found: { path: string; sha256: string; value: number }[] = [];
  for (const { path, sha256 } of rows) {
    const { scores } = await core.images.detail({ project, sha256 });
    found.push({ path, sha256, value: scores['artefact']! });
  }
  found.sort((a, b) => b.value - a.value);
  expect(masks.size).toBe(9);
  expect(found.slice(0, 9).filter(({ path }) => masks.has(path)).length).toBeGreaterThanOrEqual(7);

  let inside = 0;
  for (const { path, sha256 } of found.slice(0, 9)) {
    const mask = masks.get(path);
    if (!mask) continue;
    const map = (await core.images.artefactMap({ project, sha256 }))!;
    const at = map.cells.indexOf(Math.max(...map.cells));
    const cell = SIDE / map.columns;
    const [left, top] = [(at % map.columns) * cell, Math.floor(at / map.columns) * cell];
    // The patch itself or one beside it: a patch sees somewhat beyond its own place.
    let hit = false;
    for (let y = Math.max(0, top - cell); y < Math.min(SIDE, top + 2 * cell); y++)
      for (let x = Math.max(0, left - cell); x < Math.min(SIDE, left + 2 * cell); x++)
        hit ||= mask[Math.floor(y) * SIDE + Math.floor(x)] === 1;
    if (hit) inside++;
  }
  expect(inside).toBeGreaterThanOrEqual(6);

  // A queue's reasons come from its own run, so scoring again must not take its maps away.
  await runTask(core, 'queue', { project, by, budget: { share: 0.6 } });
  const reasons = async () =>
    (await core.reviews.items({ project, by, from: 0, count: 48 })).map((item) => item.reasons);
  const before = await reasons();
  expect(before.flat().some(({ reason }) => 'place' in reason)).toBe(true);
  await runTask(core, 'score', { project, by });
  expect(await reasons()).toEqual(before);
});
