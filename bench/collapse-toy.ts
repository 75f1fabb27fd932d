import {
  gaussian,
  mulberry32,
  randomIndex,
  sampleWithoutReplacement,
  streamOf,
  type Random,
} from '../core/base/numeric/random.ts';
import { ALARMING, alarmsOf } from '../core/fidelity/alarm.ts';
import { readAgainst, readAnchor, sideOf } from '../core/fidelity/anchor.ts';
import { distancesBetween } from '../core/fidelity/distances.ts';
import { drawn, drawnOfReal, judged } from '../core/fidelity/draws.ts';
import type { ImageSource } from '../core/fidelity/image-set.ts';
import { MEASURES } from '../core/fidelity/measures.ts';
import type { Measured } from '../rpc/contract/reports.ts';

/** An image of the toy: its embedding, and the kind that it is of. */
interface Image {
  row: Float64Array;
  kind: number;
}

const DIMENSIONS = 48;
/** Kinds of real image; the last is rare. */
const KINDS = [0.3, 0.3, 0.25, 0.132, 0.018];
/** Distance of the kinds' centres in standard deviations per dimension. */
const SPREAD = 3;
const REAL = 480;
const BATCH = 160;
export const GENERATIONS = 5;

/** What a generation is trained on: the last one alone, a third of real images beside it, or real images alone. */
export const DIETS = ['own output', 'a third real', 'all real'] as const;
export type Diet = (typeof DIETS)[number];

type Generator = (training: readonly Image[], images: number, random: Random) => Image[];

/**
 * `gaussians` fits a Gaussian to each kind, with one covariance for all, by maximum likelihood (as Shumailov et al.
 * 2024 did with mixtures), and draws from it. `neighbours` draws points between a training image and one of its five
 * nearest: it makes nothing that its training set does not enclose.
 */
const GENERATORS = { gaussians, neighbours } satisfies Record<string, Generator>;
export type GeneratorName = keyof typeof GENERATORS;

const DRAWS = 20;
const WATCHED = MEASURES.filter(({ id }) => ALARMING.includes(id));

/** Measures of each generation, and the first that raises the alarm, from 1; null where none does. */
export interface Series {
  batches: Measured[][];
  first: number | null;
  /** Whether two alarming measures lie outside their bands in two generations running. */
  isOutside: boolean;
}

/** Runs generations against the same real images, measured as a report does, but only what the alarm reads. */
export async function runGenerations(
  seed: number,
  generator: GeneratorName,
  diet: Diet,
  signal = new AbortController().signal,
): Promise<Series> {
  const random = mulberry32(seed);
  const world = worldOf(random);
  const real = Array.from({ length: REAL }, world);
  const pick = (images: number): Image[] =>
    Array.from(sampleWithoutReplacement(random, REAL, images), (i) => real[i]!);
  const measured = await measurerAgainst(real, signal);
  let training = pick(BATCH);
  const batches: Measured[][] = [];
  for (let generation = 1; generation <= GENERATIONS; generation++) {
    const batch = GENERATORS[generator](training, BATCH, random);
    batches.push(await measured(batch));
    training =
      diet === 'all real' ? pick(BATCH) : diet === 'a third real' ? [...batch, ...pick(BATCH / 2)] : batch;
  }
  const first = alarmsOf(batches).alarms.findIndex(({ raised }) => raised);
  const isOutside = batches.some(
    (batch, i) =>
      batch.filter(({ outside }, m) => outside && batches[i - 1]?.[m]?.outside === true).length >= 2,
  );
  return { batches, first: first < 0 ? null : first + 1, isOutside };
}

async function measurerAgainst(
  real: readonly Image[],
  signal: AbortSignal,
): Promise<(batch: readonly Image[]) => Promise<Measured[]>> {
  const anchor = await readAnchor(sourceOf('real', real), 1, signal);
  const { side, scale, clusters } = anchor;
  const size = Math.min(BATCH, Math.floor(REAL / 3));
  const drawing = (purpose: string) => ({
    size,
    draws: DRAWS,
    random: streamOf(1, purpose),
    seed: 1,
    only: ALARMING,
    step: async () => signal.throwIfAborted(),
  });
  const yardstick = await drawnOfReal(side, { scale, clusters }, drawing('yardstick'));
  return async (batch) => {
    const set = readAgainst(anchor, sourceOf('batch', batch), 1);
    const other = await sideOf(anchor, set, signal);
    const between = await distancesBetween(anchor.set.vectors, set.vectors, signal);
    const values = await drawn({ real: side, other, between, scale, clusters }, drawing('draws'));
    return judged(WATCHED, values, { values: yardstick, size, of: REAL });
  };
}

/** Draws images of kinds around their centres. */
function worldOf(random: Random): () => Image {
  const centres = KINDS.map(() => Float64Array.from({ length: DIMENSIONS }, () => SPREAD * gaussian(random)));
  return () => {
    let left = random();
    let kind = 0;
    while (kind < KINDS.length - 1 && left > KINDS[kind]!) left -= KINDS[kind++]!;
    return { kind, row: centres[kind]!.map((x) => x + gaussian(random)) };
  };
}

function gaussians(training: readonly Image[], images: number, random: Random): Image[] {
  const means = new Map(
    [...Map.groupBy(training, ({ kind }) => kind)].map(([kind, own]) => [
      kind,
      own[0]!.row.map((_, d) => own.reduce((sum, { row }) => sum + row[d]!, 0) / own.length),
    ]),
  );
  const deviations = training.map(({ kind, row }) => row.map((x, d) => x - means.get(kind)![d]!));
  const scale = 1 / Math.sqrt(training.length);
  return Array.from({ length: images }, () => {
    const { kind } = training[randomIndex(random, training.length)]!;
    const row = Float64Array.from(means.get(kind)!);
    // A sum of the deviations with normal weights has their covariance, without a factorisation of it.
    for (const deviation of deviations) {
      const weight = scale * gaussian(random);
      for (let d = 0; d < DIMENSIONS; d++) row[d]! += weight * deviation[d]!;
    }
    return { kind, row };
  });
}

const NEIGHBOURS = 5;

function neighbours(training: readonly Image[], images: number, random: Random): Image[] {
  const distance = (a: Image, b: Image): number => a.row.reduce((sum, x, d) => sum + (x - b.row[d]!) ** 2, 0);
  return Array.from({ length: images }, () => {
    const from = training[randomIndex(random, training.length)]!;
    const near = training
      .map((image) => ({ image, apart: distance(image, from) }))
      .sort((a, b) => a.apart - b.apart)
      .slice(1, NEIGHBOURS + 1);
    const to = near[randomIndex(random, near.length)]!.image;
    const t = random();
    return { kind: from.kind, row: from.row.map((x, d) => (1 - t) * x + t * to.row[d]!) };
  });
}

function sourceOf(name: string, images: readonly Image[]): ImageSource {
  return {
    name,
    byLabel: new Map([[null, images.length]]),
    read: (random, most) => {
      const rows = Array.from(sampleWithoutReplacement(random, images.length, most).sort());
      return {
        vectors: {
          data: Float32Array.from(rows.flatMap((i) => [...images[i]!.row])),
          dimensions: DIMENSIONS,
        },
        sha256: rows.map((i) => `${name}-${i}`),
        path: rows.map((i) => `${name}/${i}.png`),
        label: rows.map(() => null),
      };
    },
  };
}
