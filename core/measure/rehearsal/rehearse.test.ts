import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runTask } from '../../../rpc/run-task.ts';
import { startCore } from '../../../test/support/core.ts';
import { writeDataset } from '../../../test/support/dataset.ts';
import { temporaryFolder } from '../../../test/support/folders.ts';

const by = 'ada';

test(
  'copies are spoilt once; without them the queue ranks damage by its measures',
  { timeout: 180_000 },
  async () => {
    const folder = temporaryFolder();
    const set = await writeDataset(join(folder, 'set'), 40);
    const core = startCore();
    const { folder: project } = await core.projects.create({ project: join(folder, 'rehearsed'), by });
    for (const role of ['real', 'synthetic'] as const)
      await runTask(core, 'import', { project, by, from: join(set.folder, role), role, batch: role });
    const first = await runTask(core, 'score', { project, by });
    expect(first.rehearsal!.copies).toBeGreaterThan(40);
    expect(Object.keys(first.rehearsal!.families)).toHaveLength(8);
    const queue = await runTask(core, 'queue', { project, by, budget: { items: 20 } });
    expect(queue.rehearsal).toEqual(first.rehearsal);
    const { view } = await core.images.query({ project, filter: {} });
    const [row] = await core.images.rows({ project, view, offset: 0, limit: 1 });
    const { scores } = await core.images.detail({ project, sha256: row!.sha256 });
    expect(scores['damage-risk']).toBeGreaterThan(0);

    // The originals are not needed again for the same seed, and the numbers are the same.
    rmSync(set.folder, { recursive: true });
    const again = await runTask(core, 'score', { project, by });
    expect(again.digest).toBe(first.digest);
    expect(again.rehearsal).toEqual(first.rehearsal);

    // For another seed they are: then nothing is rehearsed.
    const other = await runTask(core, 'score', { project, by, seed: 2 });
    expect(other.rehearsal).toBeNull();
    expect(other.notes.join(' ')).toContain('originals');
    expect(await runTask(core, 'queue', { project, by, budget: { items: 20 } })).toMatchObject({
      items: 20,
      rehearsal: null,
    });
  },
);
