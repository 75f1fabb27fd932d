import type { BatchReport, ClassReport, Measured } from '../../rpc/contract/reports.ts';
import { AssayError } from '../../rpc/errors.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import { quantileSorted, sortedFinite } from '../numeric/percentile.ts';
import { sampleWithoutReplacement, streamOf, type Random } from '../numeric/random.ts';
import {
  distancesBetween,
  kthWithin,
  nearestOf,
  subDistances,
  transposed,
  type Distances,
} from './distances.ts';
import { driftTest } from './drift.ts';
import { comparisonOf, measure, MEASURES } from './measures.ts';
import { principalAxes } from './principal-axes.ts';
import { countOf, pickRows, type Vectors } from './vectors.ts';

/** Embedded images, at most `MOST` of them: a random sample of the whole where there are more. */
export interface ImageSet {
  /** Images in the whole. */
  total: number;
  vectors: Vectors;
  sha256: string[];
  path: string[];
  /** Given labels. */
  label: (string | null)[];
}

export interface BatchSet extends ImageSet {
  name: string;
  generation: number | null;
  generator: string | null;
}

/** Images of a side at most: distances take 8 bytes a pair. */
export const MOST = 1200;
/** Images in a draw at most and at least, and draws. */
const LARGEST_DRAW = 400;
const FEWEST = 20;
const DRAWS = 20;
const MOST_AXES = 32;
const CROWD = 50;
/** A generated image this much nearer to a real one than that one's surroundings are is shown as a possible copy. */
const COPY_RATIO = 0.35;
const MOST_PAIRS = 24;
/** Two of these outside their bands, twice in a row, are an alarm: the ones that move first. */
const ALARMING = ['recall', 'entropy', 'coverage', 'authenticity', 'copying'];

/**
 * Measures a batch against the real anchor, beside real images measured against other real images in draws of the same
 * size: without that yardstick no number here means anything, since every one depends on embedder and size.
 * Throws NOT_READY where there are fewer than 3 x 20 real images or 20 generated ones.
 */
export async function reportBatch(
  anchor: ImageSet,
  now: BatchSet,
  before: BatchSet | null,
  options: { model: string; seed: number },
  task: TaskContext,
): Promise<BatchReport> {
  const { seed, model } = options;
  const notes: string[] = [];
  for (const { sha256, total } of [anchor, now])
    if (sha256.length < total)
      notes.push(`${sha256.length} of ${total} images, drawn at random, were measured.`);
  // A third each: what is measured against, what is measured, and the real images held out of both.
  const size = Math.min(LARGEST_DRAW, Math.floor(anchor.sha256.length / 3), now.sha256.length);
  if (size < FEWEST)
    throw new AssayError(
      'NOT_READY',
      `A report needs ${3 * FEWEST} real images and ${FEWEST} generated ones with an embedding; there are ${anchor.sha256.length} and ${now.sha256.length}.`,
    );
  const step = (done: number): void => {
    task.signal.throwIfAborted();
    task.progress({ stage: 'measuring', done, total: 2 * DRAWS, unit: 'draws' });
  };

  const axes = principalAxes(anchor.vectors, Math.min(MOST_AXES, Math.floor(size / 5)));
  const withinReal = await distancesBetween(anchor.vectors, anchor.vectors, task.signal);
  const scale = quantileSorted(sortedFinite(withinReal.data.filter((value) => value > 0)), 0.5) || 1;
  const shared = { real: anchor.vectors, withinReal, axes, scale };
  const random = streamOf(seed, 'draws');
  const widening = 1 / Math.sqrt(1 - size / anchor.sha256.length);
  const yardstick = new Map<string, number[]>();
  for (let draw = 0; draw < DRAWS; draw++) {
    step(draw);
    const drawn = sampleWithoutReplacement(random, anchor.sha256.length, 2 * size);
    const [left, right] = [drawn.slice(0, size), drawn.slice(size)];
    const others = { other: anchor.vectors, withinOther: withinReal, between: withinReal };
    const comparison = comparisonOf({ ...shared, ...others }, left, right, seed);
    gather(yardstick, measure(comparison, heldOutDistances(withinReal, left, right, random)));
    await new Promise((resolve) => setImmediate(resolve));
  }
  const values = async (set: ImageSet, from: number): Promise<Map<string, number[]>> => {
    const found = new Map<string, number[]>();
    const withinOther = await distancesBetween(set.vectors, set.vectors, task.signal);
    const between = await distancesBetween(anchor.vectors, set.vectors, task.signal);
    const count = Math.min(size, set.sha256.length);
    for (let draw = 0; draw < DRAWS; draw++) {
      step(from + draw);
      const left = sampleWithoutReplacement(random, anchor.sha256.length, count);
      const right = sampleWithoutReplacement(random, set.sha256.length, count);
      const comparison = comparisonOf(
        { ...shared, other: set.vectors, withinOther, between },
        left,
        right,
        seed,
      );
      gather(found, measure(comparison, heldOutDistances(withinReal, left, new Int32Array(0), random)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    return found;
  };
  const measures = judged(await values(now, DRAWS), yardstick, widening);
  const earlier =
    before && before.sha256.length >= size ? judged(await values(before, DRAWS), yardstick, widening) : null;
  const between = await distancesBetween(anchor.vectors, now.vectors, task.signal);
  const classes = classReports(anchor, now, withinReal, between);
  return {
    batch: now.name,
    generation: now.generation,
    generator: now.generator,
    images: now.total,
    real: anchor.total,
    sample: size,
    draws: DRAWS,
    seed,
    model,
    measures,
    classes,
    memorised: memorised(anchor, now, withinReal, between),
    drift: before && before.sha256.length >= FEWEST ? await drift(before, now, size, seed, task) : null,
    alarm: alarmOf(measures, earlier),
    advice: advice(classes, measures),
    notes,
  };
}

/** Nearest distances to the drawn real images, of real images that were drawn for neither side. */
function heldOutDistances(
  within: Distances,
  drawn: Int32Array,
  others: Int32Array,
  random: Random,
): Float64Array {
  const inside = new Set([...drawn, ...others]);
  const outside = Array.from({ length: within.rows }, (_, i) => i).filter((i) => !inside.has(i));
  const rows = Array.from(sampleWithoutReplacement(random, outside.length, drawn.length), (i) => outside[i]!);
  return nearestOf(subDistances(within, rows, drawn)).distance;
}

function gather(into: Map<string, number[]>, values: Map<string, number>): void {
  for (const [id, value] of values) into.set(id, [...(into.get(id) ?? []), value]);
}

/**
 * The yardstick's percentiles, widened about their median by `widening`: draws of n from N images vary less than n new
 * images would, by the finite-population factor sqrt(1 - n / N).
 */
function judged(
  values: Map<string, number[]>,
  yardstick: Map<string, number[]>,
  widening: number,
): Measured[] {
  return MEASURES.map((about) => {
    const own = sortedFinite(values.get(about.id) ?? []);
    const real = sortedFinite(yardstick.get(about.id) ?? []);
    if (own.length === 0 || real.length === 0)
      return {
        ...about,
        value: null,
        why: 'too few images for so many dimensions',
        band: null,
        outside: false,
      };
    const value = quantileSorted(own, 0.5);
    const middle = quantileSorted(real, 0.5);
    const wide = (q: number): number => middle + (quantileSorted(real, q) - middle) * widening;
    const band: [number, number, number] = [wide(0.025), middle, wide(0.975)];
    const low = about.worse !== 'high' && value < band[0];
    const high = about.worse !== 'low' && value > band[2];
    return { ...about, value, why: null, band, outside: low || high };
  });
}

function alarmOf(now: Measured[], before: Measured[] | null): BatchReport['alarm'] {
  const outside = (list: Measured[]): string[] =>
    list.filter(({ id, outside: out }) => out && ALARMING.includes(id)).map(({ id }) => id);
  const here = outside(now);
  if (!before)
    return {
      raised: false,
      measures: here,
      text: `No alarm from one batch alone${here.length > 0 ? `; watch ${here.join(', ')}` : ''}.`,
    };
  const both = here.filter((id) => outside(before).includes(id));
  const raised = both.length >= 2;
  return {
    raised,
    measures: both,
    text: raised
      ? `Alarm: ${both.join(' and ')} are outside what real images give, in this batch and in the one before it.`
      : 'No alarm: fewer than two measures were outside their band in two batches running.',
  };
}

function classReports(real: ImageSet, batch: ImageSet, within: Distances, between: Distances): ClassReport[] {
  const names = [...new Set([...real.label, ...batch.label])].sort((a, b) =>
    (a ?? '').localeCompare(b ?? ''),
  );
  return names.map((name) => {
    const realRows = rowsWith(real, name);
    const own = rowsWith(batch, name);
    const enough = realRows.length > 2 && own.length > 0;
    const radius = enough
      ? kthWithin(subDistances(within, realRows, realRows), Math.min(5, realRows.length - 1))
      : null;
    const nearest = enough ? nearestOf(subDistances(between, realRows, own)).distance : null;
    const covered = nearest?.reduce((sum, value, i) => sum + (value < radius![i]! ? 1 : 0), 0);
    return {
      name,
      real: realRows.length,
      generated: own.length,
      coverage: covered === undefined ? null : covered / realRows.length,
    };
  });
}

function rowsWith({ label }: ImageSet, name: string | null): number[] {
  return [...label.keys()].filter((i) => label[i] === name);
}

/** Pairs whose distance is small against the mean distance of the real image to its 50 nearest real ones. */
function memorised(
  real: ImageSet,
  batch: ImageSet,
  within: Distances,
  between: Distances,
): BatchReport['memorised'] {
  const crowd = Math.min(CROWD, within.rows - 1);
  const around = Float64Array.from({ length: within.rows }, (_, i) => {
    const row = within.data.slice(i * within.columns, (i + 1) * within.columns);
    row[i] = Infinity;
    return (
      row
        .sort()
        .subarray(0, crowd)
        .reduce((sum, value) => sum + value, 0) / crowd
    );
  });
  const { index, distance } = nearestOf(transposed(between));
  return [...distance.keys()]
    .map((f) => ({
      sha256: batch.sha256[f]!,
      path: batch.path[f]!,
      realSha256: real.sha256[index[f]!]!,
      realPath: real.path[index[f]!]!,
      ratio: around[index[f]!]! > 0 ? distance[f]! / around[index[f]!]! : 1,
    }))
    .filter(({ ratio }) => ratio < COPY_RATIO)
    .sort((a, b) => a.ratio - b.ratio)
    .slice(0, MOST_PAIRS);
}

async function drift(
  before: BatchSet,
  now: BatchSet,
  size: number,
  seed: number,
  task: TaskContext,
): Promise<BatchReport['drift']> {
  const random = streamOf(seed, 'drift samples');
  const count = Math.min(size, before.sha256.length);
  const left = pickRows(before.vectors, sampleWithoutReplacement(random, before.sha256.length, count));
  const right = pickRows(now.vectors, sampleWithoutReplacement(random, now.sha256.length, count));
  const data = new Float64Array(left.data.length + right.data.length);
  data.set(left.data);
  data.set(right.data, left.data.length);
  const both: Vectors = { data, dimensions: left.dimensions };
  const all = await distancesBetween(both, both, task.signal);
  return { previous: before.name, ...driftTest(all, countOf(left), seed) };
}

function advice(classes: ClassReport[], measures: Measured[]): string[] {
  const known = classes.filter(({ coverage }) => coverage !== null);
  const middle = quantileSorted(sortedFinite(known.map(({ coverage }) => coverage!)), 0.5);
  const lines = classes
    .filter(({ real, generated }) => real > 0 && generated === 0)
    .map(({ name }) => `Generate ${name ?? 'unlabelled images'}: the batch has none.`);
  for (const { name, coverage } of known.toSorted((a, b) => a.coverage! - b.coverage!).slice(0, 5))
    if (coverage! < middle * 0.75)
      lines.push(
        `Generate more varied ${name ?? 'unlabelled images'}: ${Math.round(100 * coverage!)} % of its real images are covered, ${Math.round(100 * middle)} % in the middle class.`,
      );
  if (measures.some(({ id, outside }) => (id === 'authenticity' || id === 'copying') && outside))
    lines.push('Look at the pairs that resemble real images: the generator may be copying its training set.');
  return lines;
}
