import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DecodePool } from '../imaging/decode-pool.ts';
import { temporaryFolder } from '../test/support/folders.ts';
import { sampleTree, watchPeak } from './process-tree.ts';

const linux = existsSync('/proc/self/status');

test.skipIf(!linux)(
  'a process is found with those that it started, by what they are for (needs /proc)',
  async () => {
    const pool = new DecodePool({ workers: 2, perWorker: 1 });
    onTestFinished(() => pool.close());
    const finish = watchPeak(process.pid, 1);
    const request = { root: temporaryFolder(), thumbs: null, objects: null, geometry: null };
    await Promise.all(['a', 'b'].map((path) => pool.decode({ ...request, path: join(path) })));
    const tree = sampleTree(process.pid);
    expect(tree[0]).toMatchObject({ pid: process.pid, role: 'core' });
    expect(tree[0]!.residentBytes).toBeGreaterThan(16 * 2 ** 20);
    expect(tree.filter(({ role }) => role === 'decoders').length).toBeGreaterThanOrEqual(1);
    const peak = finish();
    expect(peak.byRole.decoders).toBeGreaterThan(16 * 2 ** 20);
    expect(peak.byRole.inference).toBe(0);
    expect(peak.totalBytes).toBeGreaterThanOrEqual(peak.byRole.core);
  },
);

test.skipIf(!linux)('a process that is gone has no tree (needs /proc)', () => {
  expect(sampleTree(2 ** 30)).toEqual([]);
});
