import { cholesky, solveLower, solveUpper } from '../../base/numeric/cholesky.ts';
import type { Level } from './plate.ts';

/** How the parts of one picture have moved against each other in another one. */
export interface Flow {
  /** Root mean square, in plate pixels. */
  motion: number;
  /** Share of what the pictures differ by that it explains, 0..1. */
  explained: number;
}

/** A tone curve of the third order, blur, and of the motion along x and along y each 1, x, y, x², xy, y². */
const TERMS = 17;
/** Those of them that are no motion by depth: light, blur, and that one plane lies elsewhere or in another perspective. */
const PLANE = 11;
/** The gradient itself, along x and along y. */
const ALONG = 5;
const ACROSS = 8;
/** Difference in levels, root mean square, that storage and scaling leave without any meaning. */
const NOISE = 0.7;
/** Deviations beyond which a pixel counts no more: 6 medians, and at least this many levels. */
const LEAST_SPREAD = 3;

/**
 * Motion that depends on depth: what is near moves more than what is far when a turntable turns or a hand shakes, and no
 * change of a copy does that. The flow between the pictures, linearised (Lucas and Kanade 1981), is a polynomial of the
 * second order over the whole plate; what an affine motion, a tone curve
 * and blur explain is set aside. One fit to all
 * pixels is what noise hardly moves, unlike a motion of each block.
 *
 * `own` is the copy, `under` the original where it lies under it, NaN beyond its frame, both at half the plate's size.
 * Null where there is nothing that could have moved.
 */
export function flowBetween({ width, height, luma }: Level, under: Float32Array): Flow | null {
  const [gain, offset] = lineThrough(under, luma);
  const unit = Math.max(width, height) / 2;
  const terms = new Float64Array(width * height * TERMS);
  const rest = new Float64Array(width * height);
  let pixels = 0;
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const gx = (gain * (under[at + 1]! - under[at - 1]!)) / 2;
      const gy = (gain * (under[at + width]! - under[at - width]!)) / 2;
      const left = luma[at]! - gain * under[at]! - offset;
      if (Number.isNaN(gx + gy + left)) continue;
      const u = (x - (width - 1) / 2) / unit;
      const v = (y - (height - 1) / 2) / unit;
      const polynomial = [1, u, v, u * u, u * v, v * v];
      let to = pixels * TERMS;
      const tone = under[at]! / 128 - 1;
      terms[to++] = 1;
      terms[to++] = tone;
      terms[to++] = tone * tone;
      terms[to++] = tone * tone * tone;
      terms[to++] =
        (under[at + 1]! + under[at - 1]! + under[at + width]! + under[at - width]!) / 4 - under[at]!;
      for (let k = 0; k < 3; k++) terms[to++] = gx * polynomial[k]!;
      for (let k = 0; k < 3; k++) terms[to++] = gy * polynomial[k]!;
      for (let k = 3; k < 6; k++) terms[to++] = gx * polynomial[k]!;
      for (let k = 3; k < 6; k++) terms[to++] = gy * polynomial[k]!;
      rest[pixels++] = left;
    }
  if (pixels < 4 * TERMS) return null;
  const weights = new Float64Array(pixels).fill(1);
  reweigh(weights, terms, rest, fit(weights, terms, rest));
  const { factor, pulled, squares } = fit(weights, terms, rest);
  let [edges, weight] = [0, 0];
  for (let i = 0; i < pixels; i++) {
    edges += (weights[i]! * (terms[i * TERMS + ALONG]! ** 2 + terms[i * TERMS + ACROSS]! ** 2)) / 2;
    weight += weights[i]!;
  }
  if (!(edges > 0)) return null;
  // Of a Cholesky factor, the first rows are those of the first terms alone.
  const along = solveLower(factor, pulled, TERMS);
  const explainedBy = (first: number, end: number): number =>
    along.subarray(first, end).reduce((sum, z) => sum + z * z, 0);
  const moved = explainedBy(PLANE, TERMS);
  const left = Math.max(moved, squares - explainedBy(0, PLANE));
  // Plate pixels are half as large as those of the level.
  return { motion: 2 * Math.sqrt(moved / edges), explained: moved / (left + NOISE ** 2 * weight) };
}

/** Weighted least squares of the rest on the terms: normal matrix, factored; moments; and all squares of the rest. */
interface Fit {
  factor: Float64Array;
  pulled: Float64Array;
  squares: number;
}

function fit(weights: Float64Array, terms: Float64Array, rest: Float64Array): Fit {
  const normal = new Float64Array(TERMS * TERMS);
  const pulled = new Float64Array(TERMS);
  let squares = 0;
  for (const [i, weight] of weights.entries()) {
    if (weight === 0) continue;
    const from = i * TERMS;
    for (let a = 0; a < TERMS; a++) {
      const own = weight * terms[from + a]!;
      pulled[a]! += own * rest[i]!;
      for (let b = 0; b <= a; b++) normal[a * TERMS + b]! += own * terms[from + b]!;
    }
    squares += weight * rest[i]! ** 2;
  }
  // A little damped: what is flat along one direction does not move along it.
  for (let a = 0; a < TERMS; a++) normal[a * TERMS + a] = normal[a * TERMS + a]! * 1.0001 + 1e-9;
  return { factor: cholesky(normal, TERMS), pulled, squares };
}

/** Tukey's biweight of what the whole flow leaves: writing is no motion. */
function reweigh(
  weights: Float64Array,
  terms: Float64Array,
  rest: Float64Array,
  { factor, pulled }: Fit,
): void {
  const flow = solveUpper(factor, solveLower(factor, pulled, TERMS), TERMS);
  const left = weights.map((_, i) => {
    let each = rest[i]!;
    for (let k = 0; k < TERMS; k++) each -= terms[i * TERMS + k]! * flow[k]!;
    return Math.abs(each);
  });
  const spread = Math.max(LEAST_SPREAD, 6 * left.toSorted()[left.length >> 1]!);
  for (const [i, each] of left.entries()) {
    const trust = Math.max(0, 1 - (each / spread) ** 2);
    weights[i] = trust * trust;
  }
}

/** Slope and offset of least squares of y on x, where both are known. */
function lineThrough(x: Float32Array, y: Float32Array): [slope: number, offset: number] {
  let [n, sx, sy, sxx, sxy] = [0, 0, 0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i]!)) continue;
    n++;
    sx += x[i]!;
    sy += y[i]!;
    sxx += x[i]! ** 2;
    sxy += x[i]! * y[i]!;
  }
  const variance = sxx - sx ** 2 / n;
  const slope = variance > 0 ? (sxy - (sx * sy) / n) / variance : 1;
  return [slope, (sy - slope * sx) / n];
}
