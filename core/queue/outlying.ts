import { quantileSorted, sortedFinite } from '../base/numeric/percentile.ts';

/** Of a normal distribution: the distance between its quartiles, in standard deviations. */
const QUARTILES_APART = 1.349;
/** With fewer values than this a set's spread is not known. */
const FEWEST = 20;
/** Farther than this is all the same: out. */
const FARTHEST = 10;
/** Nearer than this many spreads is ordinary: one in forty is, of a normal distribution. */
const ORDINARY = 2;

/** Where a set of values lies, and how far its values are apart. */
interface Spread {
  median: number;
  spread: number;
}

/**
 * How far each of n values lies on the suspect side, in robust standard deviations, of what is usual: among the real
 * images, and among the candidates themselves, whichever lets it seem more usual. Outlying against both is what counts:
 * a batch that differs from the real images as a whole is a matter for its report, and a way that some real images
 * look too is no fault. NaN where a value is, or where both sets are too small to tell.
 *
 * @param values larger is more suspect
 * @param real the same of the real images
 * @param step differences below this are none, whatever the spread
 */
export function outlying(values: Float64Array, real: ArrayLike<number>, step: number): Float64Array {
  const sets = [spreadOf(real, step), spreadOf(values, step)].filter((set) => set !== null);
  return values.map((value) => {
    let z = sets.length === 0 ? Number.NaN : FARTHEST;
    for (const { median, spread } of sets) z = Math.min(z, (value - median) / spread);
    return z;
  });
}

/** The class of each value and of each real image; below 0 where there is none. */
export interface Classes {
  ofValues: ArrayLike<number>;
  ofReal: ArrayLike<number>;
}

/** `outlying` against each value's own class as well, where it is large enough: a smooth apple is as usual as a sharp nail. */
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

function spreadOf(values: ArrayLike<number>, step: number): Spread | null {
  const ascending = sortedFinite(values);
  if (ascending.length < FEWEST) return null;
  const quartiles = quantileSorted(ascending, 0.75) - quantileSorted(ascending, 0.25);
  return {
    median: quantileSorted(ascending, 0.5),
    spread: Math.max(quartiles / QUARTILES_APART, step),
  };
}
