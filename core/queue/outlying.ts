import { quantileSorted, sortedFinite } from '../base/numeric/percentile.ts';

/** Interquartile range of a normal distribution, in standard deviations. */
const QUARTILES_APART = 1.349;
/** With fewer values, a set's spread is unknown. */
const FEWEST = 20;
/** Larger values count as this one. */
const FARTHEST = 10;
/** Below this many spreads a value is ordinary; in a normal distribution one in forty is above. */
const ORDINARY = 2;

/** Centre and spread of a set of values. */
interface Spread {
  median: number;
  spread: number;
}

/**
 * Returns how far each of n values lies on the suspect side of the usual values, in robust standard deviations: of the
 * real images or of the candidates themselves, whichever makes it more usual. A value must be outlying against both: a
 * batch that differs from the real images as a whole is a matter for its report, and a property that some real images
 * share is no fault. NaN for a NaN value, or if both sets are too small.
 *
 * @param values larger is more suspect
 * @param real values of the real images
 * @param step differences below this are ignored, whatever the spread
 */
export function outlying(values: Float64Array, real: ArrayLike<number>, step: number): Float64Array {
  const sets = [spreadOf(real, step), spreadOf(values, step)].filter((set) => set !== null);
  return values.map((value) => {
    let z = sets.length === 0 ? Number.NaN : FARTHEST;
    for (const { median, spread } of sets) z = Math.min(z, (value - median) / spread);
    return z;
  });
}

/** Class of each value and of each real image; negative without one. */
export interface Classes {
  ofValues: ArrayLike<number>;
  ofReal: ArrayLike<number>;
}

/** Like `outlying`, also against each value's own class if large enough: a smooth apple is as usual as a sharp nail. */
export function outlyingWithin(
  values: Float64Array,
  real: ArrayLike<number>,
  step: number,
  { ofValues, ofReal }: Classes,
): Float64Array {
  const z = outlying(values, real, step);
  const rows = Map.groupBy(values.keys(), (i) => ofValues[i]!);
  const realRows = Map.groupBy(Array.from(real).keys(), (i) => ofReal[i]!);
  for (const [label, members] of rows) {
    if (label < 0) continue;
    const among = (from: ArrayLike<number>, at: number[]): Float64Array =>
      Float64Array.from(at, (i) => from[i]!);
    const own = among(values, members);
    const within = outlying(own, among(real, realRows.get(label) ?? []), step);
    members.forEach((row, i) => {
      if (within[i]! < z[row]!) z[row] = within[i]!;
    });
  }
  return z;
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
