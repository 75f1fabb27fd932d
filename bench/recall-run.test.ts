import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { router } from '../core/handlers/index.ts';
import { Workbench } from '../core/handlers/workbench.ts';
import { connectInProcess } from '../rpc/transport/inproc.ts';
import { writeDataset } from '../test/support/dataset.ts';
import { temporaryFolder } from '../test/support/folders.ts';
import type { BenchContext } from './context.ts';
import { measureRecall } from './recall-run.ts';
import { measureThroughput } from './throughput.ts';

test('a set is measured from its files to the faults found in it', async () => {
  const root = temporaryFolder();
  const { wrongLabels, leak, seedCopy, exactDuplicate, broken } = await writeDataset(root, 40);
  const faults = [
    ...wrongLabels.map((path) => [path, 'wrong-label']),
    ...broken.map((path) => [path, 'broken']),
    [leak, 'holdout-leak'],
    [seedCopy, 'seed-copy'],
    [exactDuplicate, 'exact-duplicate'],
  ];
  const rows = faults.map(([path, fault]) => `synthetic/${path},${fault}`);
  writeFileSync(join(root, 'answers.csv'), `path,fault\n${rows.join('\n')}\n`);
  const bench: BenchContext = {
    quick: true,
    model: null,
    workFolder: temporaryFolder(),
    cacheFolder: temporaryFolder(),
    signal: new AbortController().signal,
    worlds: [],
    chooseOnly: false,
    progress: () => {},
    say: () => {},
  };
  const workbench = new Workbench();
  onTestFinished(() => workbench.shutDown());
  const core = { workbench, client: connectInProcess(router, { workbench }) };

  const { result, job } = await measureThroughput(bench, core, { name: 'set', root });
  const files = job.imported.added + job.imported.broken.length;
  expect(result).toMatchObject({ files, rounds: 1, device: job.imported.device });
  expect(job.imported.broken).toHaveLength(broken.length);
  expect(result.importPerSecond).toBeCloseTo(files / job.importSeconds, 6);
  expect(1 / result.importAndScorePerSecond).toBeCloseTo(
    1 / result.importPerSecond + 1 / result.scorePerSecond,
    6,
  );
  expect(result.efficiencyAgainstDecodeStage * result.limitWithDecodeStagePerSecond).toBeCloseTo(
    result.importPerSecond,
    6,
  );

  const recall = await measureRecall(core, job);
  expect(recall.totals).toEqual({ 'wrong-label': wrongLabels.length });
  expect(recall.budgets.map(({ items }) => items)).toEqual(
    [0.05, 0.1].map((share) => Math.round(share * files)),
  );
  expect(recall.rules.map(({ kind, total, found }) => [kind, found, total])).toEqual([
    ['exact-duplicate', 1, 1],
    ['seed-copy', 1, 1],
    ['holdout-leak', 1, 1],
    ['broken', broken.length, broken.length],
  ]);
  const [, wide] = recall.budgets;
  expect(wide!.all.assay).toBeGreaterThan(wide!.all.random);
});
