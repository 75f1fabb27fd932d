import type { BatchRow } from '../../db/queries/batches.ts';
import type { RunRow } from '../../db/queries/scores.ts';
import type { PlanRow } from '../../rpc/contract/plans.ts';
import type { BatchReport, ClassReport, Measured } from '../../rpc/contract/reports.ts';
import { AssayError } from '../../rpc/errors.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import { rateInterval } from '../base/numeric/special.ts';
import type { Project } from '../project/project.ts';
import { newestRun } from '../queue/candidates.ts';
import { alarmOf } from './alarm.ts';
import { adviceOf } from './advice.ts';
import { MeasuredBatches } from './measured-batches.ts';
import { MOST_PAIRS } from './memorisation.ts';
import { verdictOf } from './verdict.ts';

const CONFIDENCE = 0.95;

/**
 * The report on a synthetic batch (the newest where none is named) beside the batch before it (or the one named), with
 * the embeddings of the newest run; `plan` says what to generate for what each class covers. Throws NOT_FOUND for a batch that is not there, CONFLICT for one that is not
 * synthetic, and NOT_READY without a run or with too few images.
 */
export async function batchReport(
  project: Project,
  options: { batch: string | null; against: string | null; seed: number },
  task: TaskContext,
  plan: (classes: readonly ClassReport[]) => PlanRow[],
): Promise<BatchReport> {
  const run = newestRun(project);
  const batches = inOrder(syntheticBatches(project));
  const batch = options.batch === null ? batches.at(-1)! : named(batches, options.batch);
  const before =
    options.against === null
      ? (batches[batches.indexOf(batch) - 1] ?? null)
      : named(batches, options.against);
  const measured = await MeasuredBatches.of(project, run, options.seed, task.signal);
  const { uncovered: _, ...measures } = await measured.measures(batch, task);
  const notes = [...measures.notes];
  const earlier =
    before && before !== batch
      ? await measured.measures(before, task).catch((error: unknown) => {
          if (!(error instanceof AssayError) || error.code !== 'NOT_READY') throw error;
          notes.push(`Not compared with ${before.name}: ${error.message}`);
          return null;
        })
      : null;
  const drift = earlier && before ? await measured.drift(batch, before, task) : null;
  const alarm = alarmOf(measures.measures, ...(await beforeIn(batches, batch, measured, task)));
  const planned = plan(measures.classes);
  const counted = project.store.reports.copied(run.id, batch.id);
  const copied = { ...counted, interval: rateInterval(counted.images, counted.of, CONFIDENCE) };
  const memorised = withConfirmed(project, run, batch, measures.memorised);
  return {
    ...measures,
    verdict: verdictOf(batch.name, measures, { alarm, drift, copied, memorised, model: run.modelId }),
    run: run.id,
    batch: batch.name,
    generation: batch.generation,
    generator: batch.generator,
    seed: options.seed,
    model: run.modelId,
    memorised,
    copied,
    drift,
    alarm,
    plan: planned,
    advice: adviceOf(measures, planned),
    notes,
  };
}

/** The measures of the two batches that lie before one in order, but for those of too few images; null without. */
async function beforeIn(
  batches: readonly BatchRow[],
  batch: BatchRow,
  measured: MeasuredBatches,
  task: TaskContext,
): Promise<[Measured[] | null, Measured[] | null]> {
  const [before, earlier] = batches
    .slice(0, batches.indexOf(batch))
    .filter((one) => measured.whyNot(one) === null)
    .slice(-2)
    .reverse();
  const of = async (one: BatchRow | undefined) => one && (await measured.measures(one, task)).measures;
  return [(await of(before)) ?? null, (await of(earlier)) ?? null];
}

/** A project's synthetic batches. Throws NOT_READY without one. */
export function syntheticBatches(project: Project): BatchRow[] {
  const batches = project.store.batches.all().filter(({ role }) => role === 'synthetic');
  if (batches.length === 0)
    throw new AssayError(
      'NOT_READY',
      `${project.name} has no synthetic batch yet: assay import --role synthetic.`,
    );
  return batches;
}

/** By generation where every batch has one, else in the order in which they were imported. */
export function inOrder(batches: readonly BatchRow[]): BatchRow[] {
  return batches.every(({ generation }) => generation !== null)
    ? batches.toSorted((a, b) => a.generation! - b.generation! || a.id - b.id)
    : batches.toSorted((a, b) => a.id - b.id);
}

function named(batches: readonly BatchRow[], name: string): BatchRow {
  const found = batches.find((batch) => batch.name === name);
  if (found) return found;
  throw new AssayError(
    'NOT_FOUND',
    `There is no synthetic batch ${name}. Reports are on: ${batches.map((batch) => batch.name).join(', ')}.`,
  );
}

/** Real images in the batch, then copies that the run confirmed by their pixels, then pairs that only lie close. */
function withConfirmed(
  { store: { reports } }: Project,
  run: RunRow,
  batch: BatchRow,
  close: BatchReport['memorised'],
): BatchReport['memorised'] {
  const ratios = new Map(close.map((pair) => [pair.sha256, pair.ratio]));
  const same = reports.sameFiles(batch.id, MOST_PAIRS).map((pair) => ({
    ...pair,
    realSha256: pair.sha256,
    ratio: null,
    confirmed: true,
    certainty: 'same-bytes' as const,
    alteration: null,
  }));
  const confirmed = reports.copies(run.id, batch.id, MOST_PAIRS).map((pair) => ({
    ...pair,
    ratio: ratios.get(pair.sha256) ?? null,
    confirmed: true,
  }));
  const seen = new Set([...same, ...confirmed].map(({ sha256 }) => sha256));
  return [...same, ...confirmed, ...close.filter(({ sha256 }) => !seen.has(sha256))].slice(0, MOST_PAIRS);
}
