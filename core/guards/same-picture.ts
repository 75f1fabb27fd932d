/** Side of a signature in pixels; it holds SIDE x SIDE RGB bytes, row-major (imaging/types.ts). */
const SIDE = 32;
const ROW = SIDE * 3;
/** What a picture may be explained by: an offset, a gain, a small shift in x, a small shift in y. */
const TERMS = 4;
/** Bytes that are compared: all but the outermost ring of pixels. */
const COUNT = (SIDE - 2) ** 2 * 3;
/**
 * Re-encoding, resizing, brightening and a shift by a fraction of a signature's pixel leave less than 3 levels after
 * the fit; another view of the same object leaves more.
 */
const LARGEST_RESIDUAL = 3;
/** Two dark or flat pictures differ by few levels whatever they show: this much of the variance must be explained. */
const LEAST_EXPLAINED = 0.98;
/** Mean absolute difference in levels beyond which no fit is tried; gain, offset and shift together stay well below. */
const FARTHEST = 24;

/** How alike two pictures are on their signatures, once brightness, contrast and a small shift are set aside. */
export interface Likeness {
  /** Share of the second picture's variance that the first one explains, 0..1. */
  explained: number;
  /** Root mean square of the rest, in levels of 255. */
  residual: number;
}

/**
 * Explains signature `b` by signature `a`: least squares of b on 1, a, and a's derivatives in x and y. The derivatives
 * are the first-order effect of a shift (Lucas and Kanade 1981). The outermost ring of pixels has none and is left out.
 */
export function likeness(a: Uint8Array, b: Uint8Array): Likeness {
  // Sums of products of the terms 1, a (v), da/dx (x), da/dy (y) and the target (t): a row of the loop is 14 of them.
  let [v, x, y, vv, vx, vy, xx, xy, yy] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  let [t, tv, tx, ty, tt] = [0, 0, 0, 0, 0];
  for (let row = ROW; row < SIDE * ROW - ROW; row += ROW)
    for (let at = row + 3; at < row + ROW - 3; at++) {
      const value = a[at]!;
      const across = a[at + 3]! - a[at - 3]!;
      const down = a[at + ROW]! - a[at - ROW]!;
      const target = b[at]!;
      v += value;
      x += across;
      y += down;
      vv += value * value;
      vx += value * across;
      vy += value * down;
      xx += across * across;
      xy += across * down;
      yy += down * down;
      t += target;
      tv += target * value;
      tx += target * across;
      ty += target * down;
      tt += target * target;
    }
  const normal = Float64Array.of(COUNT, v, x, y, v, vv, vx, vy, x, vx, xx, xy, y, vy, xy, yy);
  const total = tt - t ** 2 / COUNT;
  const rest = Math.max(0, tt - explainedSquares(normal, Float64Array.of(t, tv, tx, ty)));
  // Anything explains a flat picture; only another flat one shows the same.
  const flat = COUNT * vv - v ** 2 === 0;
  return { explained: total === 0 ? Number(flat) : 1 - rest / total, residual: Math.sqrt(rest / COUNT) };
}

/** The part of the target's squares that the terms explain: moments' (normal)^-1 moments, by Cholesky's factor. */
function explainedSquares(normal: Float64Array, moments: Float64Array): number {
  const factor = new Float64Array(TERMS * TERMS);
  const solved = new Float64Array(TERMS);
  let explained = 0;
  for (let i = 0; i < TERMS; i++) {
    for (let j = 0; j < i; j++) {
      const pivot = factor[j * TERMS + j]!;
      if (pivot > 0) factor[i * TERMS + j] = (normal[j * TERMS + i]! - dot(factor, i, factor, j, j)) / pivot;
    }
    const own = normal[i * TERMS + i]!;
    const left = own - dot(factor, i, factor, i, i);
    // A term that the ones before it already explain (a flat picture has no derivatives) adds nothing.
    if (left <= 1e-9 * own) continue;
    factor[i * TERMS + i] = Math.sqrt(left);
    solved[i] = (moments[i]! - dot(factor, i, solved, 0, i)) / factor[i * TERMS + i]!;
    explained += solved[i]! ** 2;
  }
  return explained;
}

/** Sum of the first n products of row i of a and row j of b. */
function dot(a: Float64Array, i: number, b: Float64Array, j: number, n: number): number {
  let sum = 0;
  for (let k = 0; k < n; k++) sum += a[i * TERMS + k]! * b[j * TERMS + k]!;
  return sum;
}

/**
 * How surely two signatures show one and the same picture, perhaps re-encoded, resized, brightened or shifted a little:
 * the explained share of the variance, or null where they do not.
 */
export function samePicture(a: Uint8Array, b: Uint8Array): number | null {
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference += Math.abs(a[i]! - b[i]!);
  if (difference > FARTHEST * a.length) return null;
  const { explained, residual } = likeness(a, b);
  return residual <= LARGEST_RESIDUAL && explained >= LEAST_EXPLAINED ? explained : null;
}
