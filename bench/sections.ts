import { existsSync } from 'node:fs';
import { router } from '../core/handlers/index.ts';
import { Workbench } from '../core/handlers/workbench.ts';
import { AssayError } from '../rpc/errors.ts';
import { connectInProcess } from '../rpc/transport/inproc.ts';
import { approximateTable, measureApproximate, type ApproximateRates } from './approximate.ts';
import { COLUMNS } from './clusters.ts';
import { collapseTable, measureCollapse, type CollapseRates } from './collapse.ts';
import type { BenchContext } from './context.ts';
import { fruits, sample, type DataSet } from './data-sets.ts';
import { exploreTable, measureExplore, type ExploreRates } from './explore.ts';
import { judgeWorlds } from './judgement/judge.ts';
import type { WorldFigures } from './judgement/figures.ts';
import { judgementTables } from './judgement/tables.ts';
import { kernelTable, measureKernels, type KernelRates } from './kernels.ts';
import { ledgerTable, measureLedger, type LedgerRates } from './ledger.ts';
import { describeMachine, machineTable, type Machine } from './machine.ts';
import { runMainJob, type BenchCore, type MainJob } from './main-job.ts';
import { measureMemory, memoryTable, type MemoryUse } from './memory.ts';
import { measureRecall, recallTables } from './recall-run.ts';
import type { Recall } from './recall.ts';
import type { Table } from './report.ts';
import { measureObjects, objectsTable, type ObjectRates } from './objects.ts';
import { measurePauses, pausesTable, type Pauses } from './pauses.ts';
import { measureStrategy, strategyTables, type StrategyRates } from './strategy.ts';
import { measureThroughput, throughputTable, type Throughput } from './throughput.ts';
import { measureWorkbench, workbenchTable, type WorkbenchRates } from './workbench.ts';

export const SECTIONS = [
  'throughput',
  'memory',
  'recall',
  'judgement',
  'kernels',
  'approximate',
  'ledger',
  'explore',
  'objects',
  'pauses',
  'strategy',
  'workbench',
] as const;
export type Section = (typeof SECTIONS)[number];

interface Figures {
  machine: Machine;
  throughput: Throughput[];
  /** Of a small batch and of a large one. */
  memory: [MemoryUse, MemoryUse] | null;
  recall: Recall[];
  judgement: WorldFigures[];
  /** Per number of rows. */
  kernels: KernelRates[];
  approximate: ApproximateRates | null;
  ledger: LedgerRates | null;
  explore: ExploreRates | null;
  /** Per set of streets. */
  objects: ObjectRates[];
  pauses: Pauses | null;
  strategy: StrategyRates | null;
  workbench: WorkbenchRates | null;
  /** Per generator. */
  collapse: CollapseRates[][];
}

export interface Report {
  figures: Figures;
  /** What was left out, and why. */
  skipped: string[];
  /** What went wrong; the rest is reported all the same. */
  failed: string[];
}

const SIZES = {
  memory: { quick: [300, 1500], full: [1000, 20_000] },
  kernelRows: { quick: [4000], full: [20_000, 100_000] },
  approximateRows: { quick: 50_000, full: 1_000_000 },
  decisions: { quick: 500, full: 5000 },
  exploreImages: { quick: 50_000, full: 1_000_000 },
  answers: { quick: 60, full: 500 },
  gaussianProjects: { quick: 3, full: 50 },
  neighbourProjects: { quick: 1, full: 10 },
  streets: { quick: 400, full: 2000 },
  experimentReal: { quick: 300, full: 5000 },
  mixed: { quick: 500, full: 5000 },
} as const;

/** Runs the sections asked for. One that fails does not stop the others; throws `CANCELLED` on Ctrl-C. */
export async function runSections(bench: BenchContext, only: readonly Section[]): Promise<Report> {
  const report: Report = {
    figures: {
      machine: describeMachine(),
      throughput: [],
      memory: null,
      recall: [],
      judgement: [],
      kernels: [],
      approximate: null,
      ledger: null,
      explore: null,
      objects: [],
      pauses: null,
      strategy: null,
      workbench: null,
      collapse: [],
    },
    skipped: [],
    failed: [],
  };
  const { figures } = report;
  const size = bench.quick ? 'quick' : 'full';
  const attempt = async (what: string, act: () => Promise<void>): Promise<void> => {
    try {
      await act();
    } catch (error) {
      if (bench.signal.aborted)
        throw new AssayError('CANCELLED', 'Stopped; nothing was left behind.', {}, error);
      report.failed.push(`${what}: ${(error as Error).message}`);
    }
  };
  if (only.includes('throughput') || only.includes('recall'))
    await withCore((core) => measureSets(bench, core, only, report, attempt));
  if (only.includes('judgement')) await withCore((core) => judgeWorlds(bench, core, report, attempt));
  if (only.includes('memory'))
    await attempt('memory', async () => {
      if (!existsSync('/proc/self/status')) {
        report.skipped.push(`memory: read from /proc, which only Linux has (this is ${process.platform})`);
        return;
      }
      const use = async (synthetic: number): Promise<MemoryUse> =>
        measureMemory(bench, await withCore(({ client }) => sample(bench, client, synthetic)), synthetic);
      const [small, large] = SIZES.memory[size];
      figures.memory = [await use(small), await use(large)];
    });
  if (only.includes('kernels'))
    for (const rows of SIZES.kernelRows[size])
      await attempt(`kernels of ${rows} rows`, async () => {
        figures.kernels.push(await measureKernels(bench, rows));
      });
  if (only.includes('approximate'))
    await attempt('approximate', async () => {
      figures.approximate = await measureApproximate(bench, SIZES.approximateRows[size], COLUMNS);
    });
  if (only.includes('ledger'))
    await attempt('ledger', async () => {
      figures.ledger = await measureLedger(bench, SIZES.decisions[size]);
    });
  if (only.includes('explore'))
    await attempt('explore', async () => {
      figures.explore = await measureExplore(bench, SIZES.exploreImages[size]);
    });
  if (only.includes('objects'))
    await attempt('objects', async () => {
      figures.objects = await withCore((core) => measureObjects(bench, core, SIZES.streets[size]));
    });
  if (only.includes('pauses'))
    await attempt('pauses', async () => {
      figures.pauses = await withCore((core) => measurePauses(bench, core, SIZES.exploreImages[size]));
    });
  if (only.includes('strategy')) {
    await attempt('strategy', async () => {
      figures.strategy = await measureStrategy(bench, SIZES.experimentReal[size], SIZES.mixed[size]);
    });
    await attempt('collapse', async () => {
      figures.collapse.push(await measureCollapse(bench, 'gaussians', SIZES.gaussianProjects[size]));
      figures.collapse.push(await measureCollapse(bench, 'neighbours', SIZES.neighbourProjects[size]));
    });
  }
  if (only.includes('workbench'))
    await attempt('workbench', async () => {
      figures.workbench = await measureWorkbench(bench, SIZES.exploreImages[size], SIZES.answers[size]);
      if (!figures.workbench) report.skipped.push('workbench: there is no Chromium here');
    });
  return report;
}

/** The figures for people, section by section. */
export function tablesOf({
  machine,
  throughput,
  memory,
  recall,
  judgement,
  kernels,
  approximate,
  ledger,
  explore,
  objects,
  pauses,
  strategy,
  workbench,
  collapse,
}: Figures): Table[] {
  return [
    machineTable(machine),
    ...throughput.map(throughputTable),
    ...(memory ? [memoryTable(...memory)] : []),
    ...recall.flatMap(recallTables),
    ...judgementTables(judgement),
    ...kernels.map(kernelTable),
    ...(approximate ? [approximateTable(approximate)] : []),
    ...(ledger ? [ledgerTable(ledger)] : []),
    ...(explore ? [exploreTable(explore)] : []),
    ...objects.flatMap((of) => [objectsTable(of), ...recallTables(of.recall)]),
    ...(pauses ? [pausesTable(pauses)] : []),
    ...(strategy ? strategyTables(strategy) : []),
    ...(workbench ? [workbenchTable(workbench)] : []),
    ...collapse.map(collapseTable),
  ];
}

/** Throughput and recall share each set's import. */
async function measureSets(
  bench: BenchContext,
  core: BenchCore,
  only: readonly Section[],
  { figures, skipped }: Report,
  attempt: (what: string, act: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const measure = async (set: DataSet): Promise<void> => {
    let job: MainJob;
    if (only.includes('throughput')) {
      const measured = await measureThroughput(bench, core, set);
      figures.throughput.push(measured.result);
      job = measured.job;
    } else {
      bench.say(`${set.name}: import and score …`);
      job = await runMainJob(bench, core, set, set.name);
    }
    if (only.includes('recall')) figures.recall.push(await measureRecall(core, job));
    await core.client.projects.close({ project: job.project });
  };
  const photographs = fruits();
  if (photographs) await attempt('fruits', () => measure(photographs));
  else skipped.push('fruits: ../shared/data/fruits is not there');
  await attempt('sample', async () => measure(await sample(bench, core.client, null)));
}

async function withCore<T>(act: (core: BenchCore) => Promise<T>): Promise<T> {
  const workbench = new Workbench();
  try {
    return await act({ client: connectInProcess(router, { workbench }), workbench });
  } finally {
    await workbench.shutDown();
  }
}
