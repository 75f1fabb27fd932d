import { countBelow, quantileSorted, sortedFinite } from '../base/numeric/percentile.ts';

/** From this quantile of ordinary values on, their tail is taken to be exponential. */
const TAIL_FROM = 0.9;
/** The middle of the candidates: where few are faulty, even if one in five is. */
const MIDDLE = [0.6, 0.8] as const;
/** With fewer values, what is usual is unknown. */
const FEWEST = 20;
/** A tail is never taken to fall faster than this: a sharper one would make every step beyond it a fault. */
const STEEPEST = 0.25;

/**
 * The chance, 0..1, that each of n candidates is faulty, from how outlying it is (outlying.ts): a local false discovery
 * rate (Efron 2004). Real images show how many sound images are as outlying; the candidates beyond that number are
 * faults. If k candidates are at least as outlying as z, and a share s of sound images is, then k - n s of them are
 * faulty, less one standard error of that difference, so that chance alone finds nothing. The chance at z is the slope
 * of the least concave majorant of this excess over k: it never rises as z falls. Where all candidates are shifted
 * against the real images, the shift is no fault: s is the larger of what the real images say as they are, and moved to
 * where the middle of the candidates lies.
 *
 * 0 for a value of NaN, and for all where one side has fewer than 20 values.
 *
 * @param values outlyingness of the candidates
 * @param real outlyingness of the real images, among real images
 */
export function faultChances(values: Float64Array, real: Float64Array): Float64Array {
  const chances = new Float64Array(values.length);
  const known = [...values.keys()].filter((i) => !Number.isNaN(values[i]!));
  const usual = sortedFinite(real);
  const [n, m] = [known.length, usual.length];
  if (n < FEWEST || m < FEWEST) return chances;
  const tail = tailOf(usual);
  const moved = movedTail(tail, sortedFinite(values), usual);
  known.sort((a, b) => values[b]! - values[a]! || a - b);
  /** Corners of the concave majorant: candidates so far, and faults among them. */
  const corners: { k: number; faults: number }[] = [{ k: 0, faults: 0 }];
  for (let k = 1; k <= n; k++) {
    if (k < n && values[known[k]!] === values[known[k - 1]!]) continue;
    const z = values[known[k - 1]!]!;
    const sound = n * Math.max(tail(z), moved(z));
    const error = Math.sqrt(sound * (1 + n / m));
    const corner = { k, faults: Math.max(0, k - sound - error) };
    while (corners.length > 1 && slope(corners.at(-2)!, corners.at(-1)!) <= slope(corners.at(-1)!, corner))
      corners.pop();
    corners.push(corner);
  }
  for (let c = 1; c < corners.length; c++) {
    const chance = Math.min(1, Math.max(0, slope(corners[c - 1]!, corners[c]!)));
    for (let k = corners[c - 1]!.k; k < corners[c]!.k; k++) chances[known[k]!] = chance;
  }
  return chances;
}

/** The chance of a batch's most outlying image, and the share of a batch at which half of that is left. */
const USUAL_AT_TOP = 0.3;
const USUAL_HALF = 0.02;
const USUAL_FALL = 0.75;

/**
 * The chance, 0..1, that a candidate is faulty before its batch has shown anything: where few are, no excess over the
 * real images can be proved, and yet the most outlying ones are worth a look. It falls with the rank r of n,
 * `weight` * .3 / (1 + (r / n / .02)^.75), about as the share of faults fell in the worlds that things are chosen on
 * (docs/methods/judgement.md), in batches of which 5 % were damaged or novel. 0 for a value of NaN or -Infinity.
 */
export function usualChances(values: Float64Array, weight: number): Float64Array {
  const chances = new Float64Array(values.length);
  const known = [...values.keys()].filter((i) => values[i]! > -Infinity);
  known.sort((a, b) => values[b]! - values[a]! || a - b);
  for (const [rank, i] of known.entries()) {
    const share = (rank + 0.5) / known.length;
    chances[i] = (weight * USUAL_AT_TOP) / (1 + (share / USUAL_HALF) ** USUAL_FALL);
  }
  return chances;
}

function slope(a: { k: number; faults: number }, b: { k: number; faults: number }): number {
  return (b.faults - a.faults) / (b.k - a.k);
}

type Tail = (z: number) => number;

/** The share of ordinary values at least as large: counted, beyond their 90th percentile exponential. */
function tailOf(ascending: Float64Array): Tail {
  const n = ascending.length;
  const from = quantileSorted(ascending, TAIL_FROM);
  const beyond = ascending.filter((value) => value > from);
  const excess = beyond.reduce((sum, value) => sum + value - from, 0) / Math.max(1, beyond.length);
  const scale = Math.max(STEEPEST, excess);
  return (z) =>
    z <= from ? (n - countBelow(ascending, z)) / n : (1 - TAIL_FROM) * Math.exp(-(z - from) / scale);
}

/**
 * The real images' tail, moved and stretched so that its middle lies where the candidates' does: what is usual among
 * candidates that differ from the real images as a whole.
 */
function movedTail(tail: Tail, candidates: Float64Array, real: Float64Array): Tail {
  const [low, high] = MIDDLE.map((q) => ({
    at: quantileSorted(candidates, q),
    real: quantileSorted(real, q),
  }));
  const stretch = Math.max(1, (high!.at - low!.at) / Math.max(high!.real - low!.real, Number.EPSILON));
  return (z) => tail(high!.real + (z - high!.at) / stretch);
}
