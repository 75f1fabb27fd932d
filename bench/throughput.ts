import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AssayError } from '../rpc/errors.ts';
import { median, type BenchContext } from './context.ts';
import { syntheticFiles, type DataSet } from './data-sets.ts';
import { decodeStage, inferenceRate, sharpRates, type SharpRate } from './limits.ts';
import { filesOf, runMainJob, type BenchCore, type MainJob } from './main-job.ts';
import { number, percent, type Table } from './report.ts';

const ROUNDS = 3;

/** Rates are files or images per second, each the median over the rounds. */
export interface Throughput {
  set: string;
  files: number;
  rounds: number;
  device: string;
  importPerSecond: number;
  scorePerSecond: number;
  importAndScorePerSecond: number;
  sharpAlone: SharpRate;
  inferenceAlonePerSecond: number;
  decodeStageAlonePerSecond: number;
  /** How the limits of the two stages combine on that device. */
  overlap: Overlap;
  limitWithSharpPerSecond: number;
  limitWithDecodeStagePerSecond: number;
  efficiencyAgainstSharp: number;
  efficiencyAgainstDecodeStage: number;
}

type Overlap = 'same cores' | 'side by side';

/** On the CPU decoding and inference compete for the same cores; any other device works beside them. */
export function overlapOn(device: string): Overlap {
  return device === 'cpu' ? 'same cores' : 'side by side';
}

/** The best rate of two overlapping stages: their times add up on the same cores, else the slower one decides. */
export function overlappedLimit(
  decodePerSecond: number,
  inferencePerSecond: number,
  overlap: Overlap,
): number {
  return overlap === 'same cores'
    ? 1 / (1 / decodePerSecond + 1 / inferencePerSecond)
    : Math.min(decodePerSecond, inferencePerSecond);
}

/**
 * Import and scoring of a set against the limits of their stages, measured in turns on the same files. The last
 * round's project is left for further measurements. Throws `INVALID_INPUT` where the import judged other files than
 * those that the limits are measured on.
 */
export async function measureThroughput(
  bench: BenchContext,
  core: BenchCore,
  set: DataSet,
): Promise<{ result: Throughput; job: MainJob }> {
  const { signal } = bench;
  const root = join(set.root, 'synthetic');
  const paths = syntheticFiles(set);
  const files = paths.map((path) => join(root, path));
  // Every round finds the files in the system's cache, the first one too.
  for (const file of files) readFileSync(file);
  const pack = await core.workbench.pack(bench.model);
  const rounds = bench.quick ? 1 : ROUNDS;
  const jobs: MainJob[] = [];
  const sharp: SharpRate[][] = [];
  const decode: number[] = [];
  const infer: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    signal.throwIfAborted();
    bench.say(`${set.name}, round ${round} of ${rounds}: import and score …`);
    const job = await runMainJob(bench, core, set, `${set.name}-${round}`);
    if (filesOf(job) !== files.length)
      throw new AssayError(
        'INVALID_INPUT',
        `The import judged ${filesOf(job)} files of ${root}, but ${files.length} there are named like images.`,
      );
    jobs.push(job);
    bench.say(`${set.name}, round ${round} of ${rounds}: limits …`);
    sharp.push(await sharpRates(files, signal));
    const thumbs = join(bench.workFolder, `thumbs-${round}`);
    const { perSecond, tensors } = await decodeStage(core.workbench.pool, pack, root, paths, thumbs, signal);
    rmSync(thumbs, { recursive: true });
    decode.push(perSecond);
    infer.push(await inferenceRate(await core.workbench.inference(), tensors, signal));
    if (round === rounds) continue;
    await core.client.projects.close({ project: job.project });
    rmSync(job.project, { recursive: true });
  }
  const rate = (secondsOf: (job: MainJob) => number): number =>
    median(jobs.map((job) => files.length / secondsOf(job)));
  const measured = {
    importPerSecond: rate((job) => job.importSeconds),
    scorePerSecond: rate((job) => job.scoreSeconds),
    importAndScorePerSecond: rate((job) => job.importSeconds + job.scoreSeconds),
    sharpAlone: bestOf(sharp),
    inferenceAlonePerSecond: median(infer),
    decodeStageAlonePerSecond: median(decode),
  };
  const job = jobs.at(-1)!;
  return { result: summarise(set.name, files.length, rounds, job.imported.device, measured), job };
}

function summarise(
  set: string,
  files: number,
  rounds: number,
  device: string,
  measured: Pick<
    Throughput,
    | 'importPerSecond'
    | 'scorePerSecond'
    | 'importAndScorePerSecond'
    | 'sharpAlone'
    | 'inferenceAlonePerSecond'
    | 'decodeStageAlonePerSecond'
  >,
): Throughput {
  const overlap = overlapOn(device);
  const { importPerSecond, sharpAlone, inferenceAlonePerSecond, decodeStageAlonePerSecond } = measured;
  const withSharp = overlappedLimit(sharpAlone.perSecond, inferenceAlonePerSecond, overlap);
  const withStage = overlappedLimit(decodeStageAlonePerSecond, inferenceAlonePerSecond, overlap);
  return {
    set,
    files,
    rounds,
    device,
    ...measured,
    overlap,
    limitWithSharpPerSecond: withSharp,
    limitWithDecodeStagePerSecond: withStage,
    efficiencyAgainstSharp: importPerSecond / withSharp,
    efficiencyAgainstDecodeStage: importPerSecond / withStage,
  };
}

/** The fastest concurrency by its median over the rounds. */
function bestOf(rounds: SharpRate[][]): SharpRate {
  const medians = rounds[0]!.map(({ concurrency }, c) => ({
    concurrency,
    perSecond: median(rounds.map((rates) => rates[c]!.perSecond)),
  }));
  return medians.reduce((best, rate) => (rate.perSecond > best.perSecond ? rate : best));
}

export function throughputTable(t: Throughput): Table {
  const row = (what: string, perSecond: number, share?: number): string[] => [
    what,
    number(perSecond),
    number(1000 / perSecond),
    share === undefined ? '' : percent(share),
  ];
  const rule =
    t.overlap === 'same cores'
      ? `The model ran on ${t.device}, where decoding and inference share the cores: limits combine as 1/(1/decode + 1/inference).`
      : `The model ran on ${t.device}, beside the cores that decode: limits combine as min(decode, inference).`;
  return {
    title: `Throughput: ${t.set}, ${number(t.files)} synthetic files, ${t.rounds === 1 ? 'one round' : `median of ${t.rounds} rounds`}`,
    columns: ['what', 'images/s', 'ms/image', 'import as a share of it'],
    rows: [
      row('import', t.importPerSecond),
      row('score', t.scorePerSecond),
      row('import + score', t.importAndScorePerSecond),
      row(`limit (a) sharp decode alone, ${t.sharpAlone.concurrency} at once`, t.sharpAlone.perSecond),
      row('limit (b) inference alone', t.inferenceAlonePerSecond),
      row('limit (c) decode stage alone', t.decodeStageAlonePerSecond),
      row('overlapped limit of (a) and (b)', t.limitWithSharpPerSecond, t.efficiencyAgainstSharp),
      row('overlapped limit of (c) and (b)', t.limitWithDecodeStagePerSecond, t.efficiencyAgainstDecodeStage),
    ],
    notes: [
      rule,
      '(a) reads a file and decodes it to RGB, nothing more. (c) is what the product needs of a file: besides decoding, a WebP thumbnail (encoded, which (a) is not asked for), both hashes, the pixel measures, embedded metadata and the tensor. Import is (c), inference and the commit to the ledger.',
      'Score trains the label model on the real images, looks for copies and scores the real and hold-out images too; its rate is still per synthetic file.',
    ],
  };
}
