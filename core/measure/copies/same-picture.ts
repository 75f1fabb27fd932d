import { quantileSorted } from '../../base/numeric/percentile.ts';

/** Side of a signature in pixels; it holds SIDE x SIDE RGB bytes, row-major (imaging/types.ts). */
const SIDE = 32;
const ROW = SIDE * 3;
/**
 * What a picture may be explained by: an offset, a gain, a small shift in x and y, and second derivatives (in x, in y,
 * mixed), which stand for the rest of a larger shift and for a little blur.
 */
const TERMS = 7;
/** Bytes that are compared: all but the outermost ring of pixels. */
const COUNT = (SIDE - 2) ** 2 * 3;
/**
 * Re-encoding, resizing, brightening and a shift by a fraction of a signature's pixel leave less than 3 levels after
 * the fit; another view of the same object leaves more.
 */
const LARGEST_RESIDUAL = 3;
/** Dark or flat pictures differ by few levels anyway, so this share of the variance must be explained too. */
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
 * Explains signature `b` by signature `a`: least squares of b on 1, a, and a's first and second derivatives, which are
 * the first two orders of a shift (Lucas and Kanade 1981). The outermost ring of pixels has none and is left out.
 */
export function likeness(a: Uint8Array, b: Uint8Array): Likeness {
  const normal = normalOf(a);
  const moments = new Float64Array(TERMS);
  let total = 0;
  for (let row = ROW; row < SIDE * ROW - ROW; row += ROW)
    for (let at = row + 3; at < row + ROW - 3; at++) {
      const target = b[at]!;
      setTerms(a, at);
      for (let i = 0; i < TERMS; i++) moments[i]! += AT[i]! * target;
      total += target * target;
    }
  const variance = total - moments[0]! ** 2 / COUNT;
  const rest = Math.max(0, total - explainedSquares(normal, moments));
  // Anything explains a flat picture; only another flat one shows the same.
  const flat = COUNT * normal[TERMS + 1]! - normal[TERMS]! ** 2 === 0;
  return {
    explained: variance === 0 ? Number(flat) : 1 - rest / variance,
    residual: Math.sqrt(rest / COUNT),
  };
}

/** The terms of one byte, filled anew for each. */
const AT = new Float64Array(TERMS);

function setTerms(a: Uint8Array, at: number): void {
  const value = a[at]!;
  AT[0] = 1;
  AT[1] = value;
  AT[2] = a[at + 3]! - a[at - 3]!;
  AT[3] = a[at + ROW]! - a[at - ROW]!;
  AT[4] = a[at + 3]! + a[at - 3]! - 2 * value;
  AT[5] = a[at + ROW]! + a[at - ROW]! - 2 * value;
  AT[6] = a[at + ROW + 3]! - a[at + ROW - 3]! - a[at - ROW + 3]! + a[at - ROW - 3]!;
}

/** An image is held against all its neighbours, and most of the work is what it alone says. */
const NORMALS = new WeakMap<Uint8Array, Float64Array>();

/** The products of the terms with each other, TERMS x TERMS. */
function normalOf(a: Uint8Array): Float64Array {
  const known = NORMALS.get(a);
  if (known) return known;
  const normal = new Float64Array(TERMS * TERMS);
  for (let row = ROW; row < SIDE * ROW - ROW; row += ROW)
    for (let at = row + 3; at < row + ROW - 3; at++) {
      setTerms(a, at);
      for (let i = 0; i < TERMS; i++) for (let j = 0; j <= i; j++) normal[i * TERMS + j]! += AT[i]! * AT[j]!;
    }
  for (let i = 0; i < TERMS; i++)
    for (let j = i + 1; j < TERMS; j++) normal[i * TERMS + j] = normal[j * TERMS + i]!;
  NORMALS.set(a, normal);
  return normal;
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

/** Likeness of two signatures, or null where they differ too much for a fit to be worth trying. */
export function likenessIfNear(a: Uint8Array, b: Uint8Array): Likeness | null {
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference += Math.abs(a[i]! - b[i]!);
  return difference > FARTHEST * a.length ? null : likeness(a, b);
}

/**
 * How surely two signatures show one and the same picture, perhaps re-encoded, resized, brightened or shifted a little:
 * the explained share of the variance, or null where they do not.
 */
export function samePicture(a: Uint8Array, b: Uint8Array): number | null {
  const found = likenessIfNear(a, b);
  return found && isSamePicture(found) ? found.explained : null;
}

/** Whether what is left of two signatures is what storing a picture again leaves. */
export const isSamePicture = ({ residual, explained }: Likeness): boolean =>
  residual <= LARGEST_RESIDUAL && explained >= LEAST_EXPLAINED;

/** A near-copy differs from its original by this part of what an image differs from its nearest look-alike. */
const PART_OF_USUAL = 0.35;
/** Bounds of the rule: two encodings of one picture differ by 1 level, and no copy differs by more than 8. */
const STRICTEST = 1;
const LAXEST = 8;
const LEAST_EXPLAINED_OF_USUAL = 0.965;
/** With fewer images it is not known what is usual. */
const FEWEST = 20;

/** When two images of one batch are near-copies. */
interface NearCopyRule {
  /** Levels of 255. */
  largestResidual: number;
  leastExplained: number;
}

/** No batch has a laxer rule: what fails it need not be kept. */
export const LAXEST_RULE: NearCopyRule = {
  largestResidual: LAXEST,
  leastExplained: LEAST_EXPLAINED_OF_USUAL,
};

/**
 * The rule for a batch, from each image's (or a sample's) smallest residual to any other one, Infinity where none came
 * near. Neighbouring frames of a turntable are as alike as copies are elsewhere, so what counts is to be much more
 * alike than is usual in the batch: under .35 of the median, between 1 and 8 levels. After cleanlab's rule for
 * near-duplicates (distance under .13 of the median nearest distance), carried over to pixels. Where more than half of
 * a batch are copies they are what is usual, and only the closest are found.
 */
export function nearCopyRule(smallestResiduals: number[]): NearCopyRule {
  if (smallestResiduals.length < FEWEST)
    return { largestResidual: LARGEST_RESIDUAL, leastExplained: LEAST_EXPLAINED };
  const usual = quantileSorted(Float64Array.from(smallestResiduals).sort(), 0.5);
  // A median between a number and Infinity is NaN or Infinity: nothing is usually near.
  const largest = Number.isFinite(usual) ? PART_OF_USUAL * usual : LAXEST;
  return {
    largestResidual: Math.min(LAXEST, Math.max(STRICTEST, largest)),
    leastExplained: LEAST_EXPLAINED_OF_USUAL,
  };
}

/** Whether a pair is a near-copy by the rule. */
export function isNearCopy({ residual, explained }: Likeness, rule: NearCopyRule): boolean {
  return residual <= rule.largestResidual && explained >= rule.leastExplained;
}
