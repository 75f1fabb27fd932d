import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Picture } from '../../../imaging/canvas.ts';
import { encodeImage } from '../../../imaging/encode.ts';
import { families } from '../../../imaging/faults/index.ts';
import { Random } from '../../../imaging/random.ts';
import { runTask } from '../../../rpc/run-task.ts';
import { startCore } from '../../../test/support/core.ts';
import { temporaryFolder } from '../../../test/support/folders.ts';
import { scene } from '../../../test/support/scene.ts';

const by = 'Mara';

async function write(file: string, { rgb, width, height }: Picture): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, await encodeImage(rgb, width, height, 'jpeg', { quality: 88 }));
}

const change = async (key: number, family: string, strength: number): Promise<Picture> =>
  (await families.get(family)!.apply(scene(key, 72, 72), new Random(key, family), strength)).picture;

test('finds altered copies of seed and hold-out, names what was done, and leaves other pictures alone', async () => {
  const set = temporaryFolder();
  for (let i = 0; i < 24; i++)
    await write(join(set, 'real', i % 2 ? 'a' : 'b', `${i}.jpg`), scene(i, 72, 72));
  for (let i = 0; i < 20; i++)
    await write(join(set, 'holdout', i % 2 ? 'a' : 'b', `${i}.jpg`), scene(100 + i, 72, 72));
  // A leak inside the seed itself.
  await write(join(set, 'real', 'a', 'leak.jpg'), await change(104, 'mirror', 0));
  for (let i = 0; i < 12; i++)
    await write(join(set, 'synthetic', i % 2 ? 'a' : 'b', `${i}.jpg`), scene(200 + i, 72, 72));
  const copies: [key: number, family: string, strength: number, words: RegExp][] = [
    [3, 'mirror', 0, /^same picture as real\/a\/3\.jpg, mirrored$/],
    [8, 'crop', 0.5, /^same picture as real\/b\/8\.jpg, cropped 1[678] %$/],
    [13, 'rotate-90', 0, /^same picture as real\/a\/13\.jpg, (upside down|turned 90° (left|right))$/],
    [107, 'rotate-small', 0.6, /^same picture as holdout\/a\/7\.jpg, rotated [67]°(, .*)?$/],
    [110, 'border', 0.6, /^same picture as holdout\/b\/10\.jpg, with a border$/],
    [115, 'overlay-text', 0.5, /^same picture as holdout\/a\/15\.jpg(, partly changed)?$/],
  ];
  for (const [key, family, strength] of copies)
    await write(join(set, 'synthetic', 'a', `${family}.jpg`), await change(key, family, strength));

  const core = startCore();
  const { folder: project } = await core.projects.create({ project: join(set, 'p'), by });
  for (const role of ['real', 'holdout', 'synthetic'] as const)
    await runTask(core, 'import', { project, by, from: join(set, role), role, batch: role });
  await runTask(core, 'score', { project, by });

  const { flagged } = await core.queue.show({ project });
  const found = new Map(flagged.map((each) => [`${each.batch}/${each.path}`, each]));
  for (const [key, family, , words] of copies) {
    const flag = found.get(`synthetic/a/${family}.jpg`);
    expect({ family, rule: flag?.rule }).toEqual({
      family,
      rule: key < 100 ? 'seed-copy' : 'holdout-leak',
    });
    expect(flag!.detail).toMatch(words);
  }
  expect(found.get('real/a/leak.jpg')).toMatchObject({
    rule: 'holdout-leak',
    detail: 'same picture as holdout/b/4.jpg, mirrored',
  });
  expect(found.size).toBe(copies.length + 1);

  const { sha256 } = found.get('synthetic/a/mirror.jpg')!;
  const { flags } = await core.images.detail({ project, sha256: sha256! });
  expect(flags).toMatchObject([{ rule: 'seed-copy', path: 'a/3.jpg', alteration: { mirrored: true } }]);
  const { ok } = await runTask(core, 'verify', { project });
  expect(ok).toBe(true);
}, 240_000);
