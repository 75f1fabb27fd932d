import { isOutside } from '../../rpc/contract/measures.ts';
import type { MeasureInfo, Measured } from '../../rpc/contract/reports.ts';
import { quantileSorted, sortedFinite } from '../base/numeric/percentile.ts';
import { sampleWithoutReplacement, type Random } from '../base/numeric/random.ts';
import { nearestOf, subDistances, type Distances } from './distances.ts';
import { measure, partOf, type Comparison, type Side } from './measures.ts';

/** Values of every measure over draws, by id. */
export type Values = Map<string, number[]>;

interface Drawing {
  /** Images of each side in a draw, and draws. */
  size: number;
  draws: number;
  random: Random;
  seed: number;
  /** Measures that are taken; all where none are named. */
  only?: readonly string[];
  /** Awaited after every draw: yields to other work, and throws to stop. */
  step: () => Promise<void>;
}

/** Draws of `size` images of each side of a comparison, measured. */
export async function drawn(
  whole: Comparison,
  { size, draws, random, seed, only, step }: Drawing,
): Promise<Values> {
  const values: Values = new Map();
  const [n, m] = [whole.real.within.rows, whole.other.within.rows];
  for (let draw = 0; draw < draws; draw++) {
    const left = sampleWithoutReplacement(random, n, size);
    const right = sampleWithoutReplacement(random, m, size);
    const part = partOf(whole, left, right);
    gather(values, measure(part, heldOut(whole.real.within, left, new Int32Array(0), random), seed, only));
    await step();
  }
  return values;
}

/** The same of real images against other real images: draws of two disjoint halves of `2 size` images. */
export async function drawnOfReal(
  real: Side,
  { scale, clusters }: Pick<Comparison, 'scale' | 'clusters'>,
  { size, draws, random, seed, only, step }: Drawing,
): Promise<Values> {
  const values: Values = new Map();
  const whole = { real, other: real, between: real.within, scale, clusters };
  for (let draw = 0; draw < draws; draw++) {
    const both = sampleWithoutReplacement(random, real.within.rows, 2 * size);
    const [left, right] = [both.slice(0, size), both.slice(size)];
    gather(
      values,
      measure(partOf(whole, left, right), heldOut(real.within, left, right, random), seed, only),
    );
    await step();
  }
  return values;
}

/** Nearest distances to the drawn real images, of real images that were drawn for neither side. */
function heldOut(within: Distances, left: Int32Array, right: Int32Array, random: Random): Float64Array {
  const inside = new Set([...left, ...right]);
  const outside = Array.from({ length: within.rows }, (_, i) => i).filter((i) => !inside.has(i));
  const rows = Array.from(sampleWithoutReplacement(random, outside.length, left.length), (i) => outside[i]!);
  return nearestOf(subDistances(within, rows, left)).distance;
}

function gather(into: Values, values: Map<string, number>): void {
  for (const [id, value] of values) {
    const known = into.get(id);
    if (known) known.push(value);
    else into.set(id, [value]);
  }
}

/**
 * Medians of a batch beside the yardstick's percentiles, widened about their median by `1 / sqrt(1 - n / N)`: draws of
 * n from N images vary less than n new images would. Without a yardstick there is no band, and `why` says so.
 */
export function judged(
  infos: MeasureInfo[],
  values: Values,
  yardstick: { values: Values; size: number; of: number } | { why: string },
): Measured[] {
  return infos.map((info) => {
    const own = sortedFinite(values.get(info.id) ?? []);
    const value = own.length > 0 ? quantileSorted(own, 0.5) : null;
    const missing = { ...info, value, band: null, outside: false };
    if (value === null) return { ...missing, why: 'too few images for so many dimensions' };
    if ('why' in yardstick) return { ...missing, why: yardstick.why };
    const real = sortedFinite(yardstick.values.get(info.id) ?? []);
    if (real.length === 0) return { ...missing, why: 'too few real images for a yardstick' };
    const widening = 1 / Math.sqrt(1 - yardstick.size / yardstick.of);
    const middle = quantileSorted(real, 0.5);
    const wide = (q: number): number => middle + (quantileSorted(real, q) - middle) * widening;
    const band: [number, number, number] = [wide(0.025), middle, wide(0.975)];
    return { ...info, value, band, why: null, outside: isOutside(value, { ...info, band }) };
  });
}
