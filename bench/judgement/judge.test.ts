import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { router } from '../../core/handlers/index.ts';
import { Workbench } from '../../core/handlers/workbench.ts';
import { connectInProcess } from '../../rpc/transport/inproc.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import type { BenchContext } from '../context.ts';
import { judgeWorld } from './judge.ts';
import type { Amounts } from './plan.ts';
import { readTruth } from './round.ts';

const TINY: Amounts = {
  clean: { real: 20, holdout: 12, synthetic: 80 },
  rounds: 2,
  batch: 70,
  perLabelKind: 2,
  perFamily: 1,
};

test('a world is drawn, spoilt in known ways, and judged from its files', { timeout: 300_000 }, async () => {
  const bench: BenchContext = {
    quick: true,
    model: null,
    worlds: ['shoes'],
    chooseOnly: false,
    workFolder: temporaryFolder(),
    cacheFolder: temporaryFolder(),
    signal: new AbortController().signal,
    progress: () => {},
    say: () => {},
  };
  const workbench = new Workbench();
  onTestFinished(() => workbench.shutDown());
  const core = { workbench, client: connectInProcess(router, { workbench }) };

  const world = await judgeWorld(bench, core, 'shoes', TINY);

  if ('why' in world) throw new Error(world.why);
  expect(world).toMatchObject({ world: 'shoes', purpose: 'report', files: TINY.rounds * TINY.batch });
  const cache = join(bench.cacheFolder, 'judgement');
  const rounds = readdirSync(cache).filter((name) => name.includes('-round-'));
  expect(rounds).toHaveLength(TINY.rounds);
  const put: Record<string, number> = {};
  for (const round of rounds) {
    const folder = join(cache, round);
    const labels = new Map(
      readFileSync(join(folder, 'synthetic', 'metadata.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { file_name: string; label: string })
        .map(({ file_name, label }) => [`synthetic/${file_name}`, label]),
    );
    expect(labels.size).toBe(TINY.batch);
    const truth = readTruth(folder);
    expect(new Set(truth.map(({ path }) => path)).size).toBe(truth.length);
    for (const { family } of truth) put[family] = (put[family] ?? 0) + 1;
    const labelFaults = truth.filter(({ family }) => family.startsWith('label-'));
    const others = truth.filter((row) => !labelFaults.includes(row));
    // A label is wrong where it is said to be, and nowhere else.
    expect(labelFaults.filter(({ path, shown }) => labels.get(path) === shown)).toEqual([]);
    expect(others.filter(({ path, shown }) => shown !== '' && labels.get(path) !== shown)).toEqual([]);
    expect(new Set(others.filter(({ shown }) => shown === '').map(({ family }) => family))).toEqual(
      new Set(others.some(({ family }) => family === 'foreign') ? ['foreign'] : []),
    );
    expect(others.filter(({ what }) => what === '')).toEqual([]);
    expect(truth.filter(({ origin }) => !existsSync(join(folder, origin)))).toEqual([]);
  }
  const faults = Object.entries(world.families).map(([family, figures]) => [family, figures.put]);
  const copies = Object.entries(world.copies).map(([family, figures]) => [family, figures.put]);
  expect(Object.fromEntries([...faults, ...copies])).toEqual(put);
  expect(put['label-alike']).toBe(TINY.rounds * TINY.perLabelKind);
  expect(put['torn']).toBe(TINY.perFamily);
  expect(world.sums.all.put).toBe(faults.reduce((sum, [, count]) => sum + Number(count), 0));
  expect(world.calibration.noisySeed.images).toBeGreaterThan(0);
  expect(Object.values(world.copies).some(({ original }) => original > 0)).toBe(true);
});
