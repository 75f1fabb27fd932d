import type { BatchReport, ClassReport, Drift } from '../../rpc/contract/reports.ts';
import { AssayError } from '../../rpc/errors.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import { sampleWithoutReplacement, streamOf } from '../base/numeric/random.ts';
import { FEWEST, MOST, anchorOfClass, readAgainst, sideOf, whyTooFew, type Anchor } from './anchor.ts';
import { clusterReport } from './clusters.ts';
import { distancesBetween, nearestOf, subDistances, type Distances } from './distances.ts';
import { drawn, drawnOfReal, judged, type Values } from './draws.ts';
import { galleriesOf } from './galleries.ts';
import { pickRows, totalOf, type ImageSource } from './image-set.ts';
import { CLASS_MEASURES, MEASURES } from './measures.ts';
import { copyingZ, possibleCopies } from './memorisation.ts';

/** Images in a draw at most, and draws. */
const LARGEST_DRAW = 400;
const DRAWS = 20;
/** The same within a class: fewer draws of the batch are enough, since only their median counts. */
const CLASS = { largest: 100, draws: 5, yardstick: 20 };
/** Two more than the neighbours that precision and recall look at. */
const FEWEST_OF_CLASS = 7;
const FEWEST_FOR_BAND = 20;
/** Beyond these the rarest classes are left to the measures of the whole. */
const MOST_CLASSES = 200;

/** What is measured of a batch alone, without other batches or decisions. */
export type BatchMeasures = Pick<
  BatchReport,
  | 'images'
  | 'real'
  | 'sample'
  | 'draws'
  | 'read'
  | 'measures'
  | 'galleries'
  | 'classes'
  | 'clusters'
  | 'memorised'
  | 'notes'
>;

/** The same with what only the watch over all batches reads. */
export interface MeasuredBatch extends BatchMeasures {
  /**
   * Rows, in the set that the anchor was read as, of the real images that no generated one is near, the farthest first:
   * those of rare kinds, and the others.
   */
  uncovered: { rare: number[]; common: number[] };
}

/**
 * Measures a batch against the real anchor, whole and class by class, beside real images measured against other real
 * images in draws of the same size: without that yardstick no number here means anything, since all depend on the
 * embedder and the size. Throws NOT_READY where there are fewer than 20 generated images.
 */
export async function measureBatch(
  anchor: Anchor,
  batch: ImageSource,
  seed: number,
  task: TaskContext,
): Promise<MeasuredBatch> {
  const set = readAgainst(anchor, batch, seed);
  const size = Math.min(LARGEST_DRAW, Math.floor(anchor.set.sha256.length / 3), set.sha256.length);
  const why = whyTooFew(anchor.set.sha256.length, batch.name, set.sha256.length);
  if (why !== null) throw new AssayError('NOT_READY', why);
  const names = classesOf(anchor.source, batch);
  const shown = names.slice(0, MOST_CLASSES);
  let done = 0;
  const advance = async (): Promise<void> => {
    task.signal.throwIfAborted();
    done++;
    const total = 2 * DRAWS + shown.length;
    task.progress({ stage: `measuring ${batch.name}`, done, total, unit: 'steps' });
    await new Promise((resolve) => setImmediate(resolve));
  };
  const { measures, between, side } = await against(anchor, set, size, DRAWS, seed, '', task.signal, advance);
  const classes: ClassReport[] = [];
  for (const name of shown) {
    classes.push(await measureClass(anchor, batch, name, seed, task.signal));
    await advance();
  }
  const clusters = anchor.clusters!;
  const { galleries, uncovered } = galleriesOf(anchor.set, set, anchor.side.within, side.within, between);
  const isRare = (row: number): boolean => clusters.rare[clusters.cluster[row]!] === 1;
  return {
    images: totalOf(batch),
    real: totalOf(anchor.source),
    sample: size,
    draws: DRAWS,
    read: { images: set.sha256.length, real: anchor.set.sha256.length },
    measures,
    galleries,
    uncovered: { rare: uncovered.filter(isRare), common: uncovered.filter((row) => !isRare(row)) },
    classes,
    clusters: clusterReport(
      clusters,
      { ...anchor.set, reduced: anchor.side.reduced },
      { ...set, reduced: side.reduced, cluster: side.cluster },
      seed,
    ),
    memorised: possibleCopies(anchor.set, set, anchor.side.within, between),
    notes:
      names.length > shown.length
        ? [`Of ${names.length} classes the ${shown.length} with the most images were measured by themselves.`]
        : [],
  };
}

/** The measures of images against an anchor, in its own terms. */
async function against(
  anchor: Anchor,
  set: ReturnType<typeof readAgainst>,
  size: number,
  draws: number,
  seed: number,
  what: string,
  signal: AbortSignal,
  step: () => Promise<void>,
) {
  const { side: real, scale, clusters } = anchor;
  const of = real.within.rows;
  const isWhole = clusters !== null;
  const yardstick =
    isWhole || (of >= FEWEST_FOR_BAND && 2 * size <= of)
      ? {
          values: await yardstickOf(anchor, size, isWhole ? DRAWS : CLASS.yardstick, seed, what, step),
          size,
          of,
        }
      : { why: `a band needs ${Math.max(FEWEST_FOR_BAND, 2 * size)} real images; there are ${of}` };
  const side = await sideOf(anchor, set, signal);
  const between = await distancesBetween(anchor.set.vectors, set.vectors, signal);
  const random = streamOf(seed, `draws ${what}`);
  const values = await drawn(
    { real, other: side, between, scale, clusters },
    { size, draws, random, seed, step },
  );
  return { measures: judged(isWhole ? MEASURES : CLASS_MEASURES, values, yardstick), between, side };
}

/** Values of real against real, taken once for each size. */
async function yardstickOf(
  { side, scale, clusters, yardsticks }: Anchor,
  size: number,
  draws: number,
  seed: number,
  what: string,
  step: () => Promise<void>,
): Promise<Values> {
  const key = `${size} ${what}`;
  const known = yardsticks.get(key);
  if (known) {
    for (let i = 0; i < draws; i++) await step();
    return known;
  }
  const random = streamOf(seed, `yardstick ${what}`);
  const values = await drawnOfReal(side, { scale, clusters }, { size, draws, random, seed, step });
  yardsticks.set(key, values);
  return values;
}

async function measureClass(
  whole: Anchor,
  batch: ImageSource,
  name: string | null,
  seed: number,
  signal: AbortSignal,
): Promise<ClassReport> {
  const [real, generated] = [whole.source.byLabel.get(name) ?? 0, batch.byLabel.get(name) ?? 0];
  const few = Math.min(real, generated);
  if (few < FEWEST_OF_CLASS)
    return {
      name,
      real,
      generated,
      sample: null,
      measures: [],
      why:
        generated === 0
          ? 'the batch has none'
          : `${FEWEST_OF_CLASS} real and as many generated images are needed; there are ${real} and ${generated}`,
    };
  const anchor = await anchorOfClass(whole, name, seed, signal);
  const set = readAgainst(anchor, batch, seed, name);
  const half = Math.floor(anchor.set.sha256.length / 2);
  const most = anchor.set.sha256.length >= FEWEST_FOR_BAND ? half : anchor.set.sha256.length;
  const size = Math.min(CLASS.largest, most, set.sha256.length);
  const step = (): Promise<void> => {
    signal.throwIfAborted();
    return new Promise((resolve) => setImmediate(resolve));
  };
  const { measures } = await against(anchor, set, size, CLASS.draws, seed, `class ${name}`, signal, step);
  return { name, real, generated, sample: size, measures, why: null };
}

/** Labels of both sides, those with the most images first. */
function classesOf(real: ImageSource, batch: ImageSource): (string | null)[] {
  const images = (name: string | null): number =>
    (real.byLabel.get(name) ?? 0) + (batch.byLabel.get(name) ?? 0);
  return [...new Set([...real.byLabel.keys(), ...batch.byLabel.keys()])].sort(
    (a, b) => images(b) - images(a) || (a ?? '').localeCompare(b ?? ''),
  );
}

/**
 * Whether a batch differs from the one before it, and whether it was made from that one: the distances of its images to
 * one half of the earlier batch against those of the other half. Null where either has fewer than 20 images.
 */
export async function driftBetween(
  before: ImageSource,
  now: ImageSource,
  seed: number,
  signal: AbortSignal,
): Promise<Drift | null> {
  const [left, right] = [before, now].map((source) =>
    source.read(streamOf(seed, `drift ${source.name}`), MOST),
  );
  const count = Math.min(LARGEST_DRAW, left!.sha256.length, right!.sha256.length);
  if (count < FEWEST) return null;
  const random = streamOf(seed, 'drift samples');
  const earlier = pickRows(left!.vectors, sampleWithoutReplacement(random, left!.sha256.length, count));
  const later = pickRows(right!.vectors, sampleWithoutReplacement(random, right!.sha256.length, count));
  const data = new Float64Array(2 * earlier.data.length);
  data.set(earlier.data);
  data.set(later.data, earlier.data.length);
  const both = { data, dimensions: earlier.dimensions };
  const all = await distancesBetween(both, both, signal);
  const half = Math.floor(count / 2);
  const rows = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
  const toHalf = (others: number[]): Float64Array =>
    nearestOf(subDistances(all, others, rows(0, half))).distance;
  return {
    previous: before.name,
    ...driftTest(all, count, seed),
    fedOnZ: copyingZ(toHalf(rows(count, count + half)), toHalf(rows(half, 2 * half))),
  };
}

/**
 * Energy distance between two parts of one set of distances, `2 E|X-Y| - E|X-X'| - E|Y-Y'|` (Szekely & Rizzo 2013), and
 * the share of random splits that give as much or more, the split itself counted: the p-value of "nothing changed".
 */
function driftTest(
  all: Distances,
  first: number,
  seed: number,
  permutations = 199,
): { distance: number; p: number; permutations: number } {
  const n = all.rows;
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const observed = energy(all, order, first);
  const random = streamOf(seed, 'drift');
  let asLarge = 1;
  for (let round = 0; round < permutations; round++) {
    for (let i = n - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    if (energy(all, order, first) >= observed) asLarge++;
  }
  return { distance: observed, p: asLarge / (permutations + 1), permutations };
}

function energy({ columns, data }: Distances, order: Int32Array, first: number): number {
  const sums = [0, 0, 0];
  for (let i = 0; i < order.length; i++)
    for (let j = 0; j < i; j++) {
      const part = i < first ? 0 : j < first ? 1 : 2;
      sums[part]! += data[order[i]! * columns + order[j]!]!;
    }
  const second = order.length - first;
  return (
    (2 * sums[1]!) / (first * second) - (2 * sums[0]!) / (first * first) - (2 * sums[2]!) / (second * second)
  );
}
