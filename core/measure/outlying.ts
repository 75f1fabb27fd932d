import { quantileSorted, sortedFinite } from '../base/numeric/percentile.ts';

/** Interquartile range of a normal distribution, in standard deviations. */
const QUARTILES_APART = 1.349;
/** With fewer values, a set's spread is unknown. */
const FEWEST = 20;
/** Larger values count as this one. */
const FARTHEST = 10;
/** Smaller differences are invisible to people: of a share, of a ratio, of the usual squared distance. */
export const SMALLEST_STEP = 0.02;
/** Below this many spreads a value is ordinary; in a normal distribution one in forty is above. */
export const ORDINARY = 2;

/** Centre and spread of a set of values. */
interface Spread {
  median: number;
  spread: number;
}

/** Values of some images, larger is more suspect. */
interface Sample {
  values: ArrayLike<number>;
  /** Class of each; negative without one. Absent where classes do not count. */
  labels?: ArrayLike<number>;
}

/**
 * What is usual in one or more sets of images, and in each class of a set that is large enough. A value must be outlying
 * against all of them: a batch that differs from the real images as a whole is a matter for its report, a property that
 * some real images share is no fault, and a smooth apple is as usual as a sharp nail.
 */
export class Usual {
  readonly #all: Spread[];
  readonly #ofClass = new Map<number, Spread[]>();

  /** Differences below `step` are ignored, whatever the spread. */
  constructor(samples: readonly Sample[], step: number) {
    this.#all = samples.map(({ values }) => spreadOf(values, step)).filter((spread) => spread !== null);
    for (const { values, labels } of samples) {
      if (!labels) continue;
      const rows = Map.groupBy(Array.from(values).keys(), (i) => labels[i] ?? -1);
      for (const [label, members] of rows) {
        const spread =
          label < 0
            ? null
            : spreadOf(
                members.map((i) => values[i]!),
                step,
              );
        if (spread) this.#ofClass.set(label, [...(this.#ofClass.get(label) ?? []), spread]);
      }
    }
  }

  /**
   * How far a value of an image of a class lies on the suspect side, in robust standard deviations of the set where it is
   * most usual; at most 10. NaN for a NaN value, or where all sets are too small.
   */
  distance(value: number, label = -1): number {
    let z = this.#all.length === 0 ? Number.NaN : FARTHEST;
    for (const { median, spread } of this.#all) z = Math.min(z, (value - median) / spread);
    for (const { median, spread } of this.#ofClass.get(label) ?? []) {
      const within = Math.min(FARTHEST, (value - median) / spread);
      if (within < z) z = within;
    }
    return z;
  }
}

/** How outlying each of n values is against the real images' and against the others of the n. */
export function outlying(values: Float64Array, real: ArrayLike<number>, step: number): Float64Array {
  const usual = new Usual([{ values: real }, { values }], step);
  return values.map((value) => usual.distance(value));
}

/** Class of each value and of each real image; negative without one. */
export interface Classes {
  ofValues: ArrayLike<number>;
  ofReal: ArrayLike<number>;
}

/** Like `outlying`, also against each value's own class if large enough. */
export function outlyingWithin(
  values: Float64Array,
  real: ArrayLike<number>,
  step: number,
  { ofValues, ofReal }: Classes,
): Float64Array {
  const usual = new Usual(
    [
      { values: real, labels: ofReal },
      { values, labels: ofValues },
    ],
    step,
  );
  return values.map((value, i) => usual.distance(value, ofValues[i]));
}

/** From 0, ordinary, towards 1: 1 - 2 / z of an outlyingness of z. */
export function suspicion(z: Float64Array): Float64Array {
  return z.map((value) => (Number.isNaN(value) ? Number.NaN : value > ORDINARY ? 1 - ORDINARY / value : 0));
}

/** The outlyingness that gives a suspicion; at most 10. */
export function fromSuspicion(values: Float64Array): Float64Array {
  return values.map((value) => (value > 0 ? Math.min(FARTHEST, ORDINARY / (1 - value)) : value));
}

function spreadOf(values: ArrayLike<number>, step: number): Spread | null {
  const ascending = sortedFinite(values);
  if (ascending.length < FEWEST) return null;
  const quartiles = quantileSorted(ascending, 0.75) - quantileSorted(ascending, 0.25);
  return {
    median: quantileSorted(ascending, 0.5),
    spread: Math.max(quartiles / QUARTILES_APART, step),
  };
}
