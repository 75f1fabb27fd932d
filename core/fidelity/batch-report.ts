import type { BatchRow } from '../../db/queries/batches.ts';
import type { RunRow } from '../../db/queries/scores.ts';
import type { BatchReport, ClassReport, PlanRow } from '../../rpc/contract/reports.ts';
import { AssayError } from '../../rpc/errors.ts';
import { percent } from '../../rpc/format.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import { quantileSorted } from '../base/numeric/percentile.ts';
import { rateInterval } from '../base/numeric/special.ts';
import type { Project } from '../project/project.ts';
import { newestRun } from '../queue/candidates.ts';
import { alarmOf } from './alarm.ts';
import type { BatchMeasures } from './measure-batch.ts';
import { MeasuredBatches } from './measured-batches.ts';
import { MOST_PAIRS } from './memorisation.ts';
import { stockOf, type ClassStock } from './stock.ts';

/** The generator has changed where chance gives so large a distance more rarely than this. */
const CHANGED = 0.01;
const MOST_ADVISED = 5;

/**
 * The report on a synthetic batch (the newest where none is named) beside the batch before it (or the one named), with
 * the embeddings of the newest run. Throws NOT_FOUND for a batch that is not there, CONFLICT for one that is not
 * synthetic, and NOT_READY without a run or with too few images.
 */
export async function batchReport(
  project: Project,
  options: { batch: string | null; against: string | null; seed: number },
  task: TaskContext,
): Promise<BatchReport> {
  const run = newestRun(project);
  const batches = inOrder(syntheticBatches(project));
  const batch = options.batch === null ? batches.at(-1)! : named(batches, options.batch);
  const before =
    options.against === null
      ? (batches[batches.indexOf(batch) - 1] ?? null)
      : named(batches, options.against);
  const measured = await MeasuredBatches.of(project, run, options.seed, task.signal);
  const measures = await measured.measures(batch, task);
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
  const alarm = alarmOf(measures.measures, earlier?.measures ?? null);
  const plan = planFor(project, run, measures.classes);
  const counted = project.store.reports.copied(run.id, batch.id);
  const copied = { ...counted, interval: rateInterval(counted.images, counted.of, CONFIDENCE) };
  const memorised = withConfirmed(project, run, batch, measures.memorised);
  return {
    ...measures,
    summary: summaryOf(measures, alarm, drift, copied),
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
    plan,
    advice: adviceOf(measures, plan, memorised),
    notes,
  };
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

/** What to generate next, with the coverage that the newest measured batch reaches within each class. */
function planFor({ store }: Project, run: RunRow, classes: readonly ClassReport[]): PlanRow[] {
  const names = store.batches.labelNames();
  const coverage = classes.flatMap(({ name, measures }) => {
    const value = measures.find(({ id }) => id === 'coverage')?.value;
    return name === null || value === null || value === undefined ? [] : [[name, value] as const];
  });
  return planOf(stockOf(store.reports.composition(run.id), names).classes, new Map(coverage));
}

/** Copies of real images that the run confirmed by their pixels, then those that only lie close. */
function withConfirmed(
  { store }: Project,
  run: RunRow,
  batch: BatchRow,
  close: BatchReport['memorised'],
): BatchReport['memorised'] {
  const ratios = new Map(close.map((pair) => [pair.sha256, pair.ratio]));
  const confirmed = store.reports.copies(run.id, batch.id, MOST_PAIRS).map((pair) => ({
    ...pair,
    ratio: ratios.get(pair.sha256) ?? null,
    confirmed: true,
  }));
  const seen = new Set(confirmed.map(({ sha256 }) => sha256));
  return [...confirmed, ...close.filter(({ sha256 }) => !seen.has(sha256))].slice(0, MOST_PAIRS);
}

function summaryOf(
  { measures }: BatchMeasures,
  alarm: BatchReport['alarm'],
  drift: BatchReport['drift'],
  copied: BatchReport['copied'],
): string {
  const judged = measures.filter(({ band }) => band !== null);
  const outside = judged.filter((measured) => measured.outside);
  const memorised = memorisedSentence(copied);
  const sentences = [
    ...(memorised === null ? [] : [memorised]),
    alarm.raised
      ? alarm.text
      : outside.length === 0
        ? `All ${judged.length} measures lie within what real images give against each other.`
        : `${outside.length} of ${judged.length} measures lie outside what real images give against each other: ${outside.map(({ title }) => title.toLowerCase()).join(', ')}.`,
  ];
  if (drift)
    sentences.push(
      drift.p <= CHANGED
        ? `The batch differs from ${drift.previous} (p = ${drift.p.toPrecision(1)}).`
        : `No change from ${drift.previous} is shown (p = ${drift.p.toPrecision(1)}).`,
    );
  if (memorised === null && copied.images > 0)
    sentences.push(
      `${copied.images === 1 ? '1 image is a copy of a real one' : `${copied.images} images are copies of real ones`}.`,
    );
  return sentences.join(' ');
}

/** A generator that surely copies more than this has memorised its training set; single copies happen to any. */
const MEMORISED = 0.05;
const CONFIDENCE = 0.95;

/** What is said first of a batch of which much is memorised; null of others. */
export function memorisedSentence({
  images,
  of,
  interval: [low, high],
}: BatchReport['copied']): string | null {
  if (low < MEMORISED) return null;
  return `Memorised: ${percent(images / of, 0)} of the batch (${images} of ${of} images) are copies of real images, so its generator copies ${percent(low, 0)} to ${percent(high, 0)} of what it makes (95 % confidence).`;
}

/** What is missing, the worst first. */
function adviceOf(
  { clusters, measures, classes }: BatchMeasures,
  plan: readonly PlanRow[],
  memorised: BatchReport['memorised'],
): string[] {
  const lines: string[] = [];
  const absent = classes.flatMap(({ name, real, generated }) =>
    real > 0 && generated === 0 ? [name ?? 'unlabelled images'] : [],
  );
  if (absent.length > 0)
    lines.push(
      `The batch has none of ${absent.slice(0, MOST_ADVISED).join(', ')}${absent.length > MOST_ADVISED ? ` and ${absent.length - MOST_ADVISED} other classes` : ''}.`,
    );
  const missing = clusters.missing.length;
  if (missing > 0)
    lines.push(
      `${missing} rare ${missing === 1 ? 'kind' : 'kinds'} of real image hardly occur${missing === 1 ? 's' : ''} in the batch: look at the examples, and generate more like them.`,
    );
  const wanted = plan.filter(({ generate }) => generate > 0);
  if (wanted.length > 0)
    lines.push(
      `Generate ${wanted
        .slice(0, MOST_ADVISED)
        .map(({ name, generate }) => `about ${generate} more ${name}`)
        .join(
          ', ',
        )}${wanted.length > MOST_ADVISED ? `, and some of ${wanted.length - MOST_ADVISED} other classes` : ''}.`,
    );
  if (memorised.length > 0 || measures.some(({ id, outside }) => COPYING.includes(id) && outside))
    lines.push('Look at the pairs that resemble real images: the generator may be copying its training set.');
  return lines;
}

const COPYING = ['authenticity', 'copying'];

/** A class with less than this part of the median class's coverage lacks variety rather than numbers. */
const POOR_COVERAGE = 0.75;
/** However bad a class has been so far, at most ten images are asked for to get one. */
const LEAST_YIELD = 0.1;
const LEAST_COVERAGE = 0.05;
/** Decisions that a class needs before its losses count in the plan. */
const FEWEST_DECIDED = 5;
const WORTH_SAYING = 0.1;
/** A class with this part of its share has enough: nobody generates five images. */
const ENOUGH = 0.95;

/**
 * How many images each class needs next, most wanted first. In numbers: as many as bring it to its real share of what
 * is usable, more where images of the class tend to be lost in review. In variety: where its real images are covered
 * much worse than the median class's, as many again as would make up for it if coverage grew with their number.
 * `coverage` is the newest batch's by class.
 */
export function planOf(stock: readonly ClassStock[], coverage: ReadonlyMap<string, number>): PlanRow[] {
  const real = sum(stock, (item) => item.real);
  const usable = sum(stock, (item) => item.usable);
  const middle = quantileSorted(Float64Array.from(coverage.values()).sort(), 0.5);
  return stock
    .map((item): PlanRow => {
      const due = real === 0 ? 0 : (item.real / real) * usable;
      const share = item.decided === 0 ? 0 : item.lost / item.decided;
      const loss = item.decided < FEWEST_DECIDED ? 0 : share;
      const isShort = item.usable < ENOUGH * due;
      const forNumber = isShort ? (due - item.usable) / Math.max(LEAST_YIELD, 1 - loss) : 0;
      const own = coverage.get(item.name);
      const isPoor = own !== undefined && own < POOR_COVERAGE * middle;
      const forVariety = isPoor ? item.usable * (middle / Math.max(own, LEAST_COVERAGE) - 1) : 0;
      const why: string[] = [];
      if (item.real > 0 && item.usable === 0) why.push('none is left of it');
      else if (isShort) why.push(`its real share would be ${Math.round(due)}`);
      if (loss >= WORTH_SAYING)
        why.push(`${percent(loss, 0)} of its decided images were rejected or relabelled`);
      if (isPoor) why.push(`only ${percent(own, 0)} of its real images are covered: make them more varied`);
      return {
        name: item.name,
        real: item.real,
        usable: item.usable,
        generate: Math.round(Math.max(forNumber, forVariety)),
        lost: { share, of: item.decided },
        why,
      };
    })
    .sort((a, b) => b.generate - a.generate || a.name.localeCompare(b.name));
}

function sum(stock: readonly ClassStock[], of: (item: ClassStock) => number): number {
  return stock.reduce((total, item) => total + of(item), 0);
}
