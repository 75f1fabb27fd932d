import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runTask } from '../../rpc/run-task.ts';
import { startCore } from '../../test/support/core.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { makeReviewable } from '../../test/support/reviewable.ts';

const by = 'ada';

describe('a queue by selection method', () => {
  test('holds what each method chose and its audit, the same every time', { timeout: 120_000 }, async () => {
    const core = startCore();
    const project = await makeReviewable(core, join(temporaryFolder(), 'parts'), 90);
    const methods = await core.queue.methods();
    expect(methods.map(({ id }) => id)).toEqual(expect.arrayContaining(['badge', 'k-center', 'typiclust']));
    for (const { id } of methods) {
      const make = { project, by, budget: { items: 20 }, method: id, seed: 3 };
      const made = await runTask(core, 'queue', make);
      expect(made).toMatchObject({ items: 20, audited: 3, strata: { chosen: 17, audit: 3 } });
      const { items } = await core.queue.show({ project });
      expect(new Set(items.map(({ sha256 }) => sha256)).size).toBe(20);
      for (const { stratum, inclusionProbability } of items)
        expect(inclusionProbability).toBeCloseTo(stratum === 'audit' ? 3 / made.rest : 1, 9);
      await runTask(core, 'queue', make);
      const again = (await core.queue.show({ project })).items;
      expect(again.map(({ sha256 }) => sha256)).toEqual(items.map(({ sha256 }) => sha256));
    }
    await expect(
      runTask(core, 'queue', { project, by, budget: { items: 5 }, method: 'luck' }),
    ).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});
