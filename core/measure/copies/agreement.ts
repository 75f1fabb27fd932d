import { flowBetween, type Flow } from './flow.ts';
import { sample, type Placement } from './placement.ts';
import { isClipped, type Level, type Plate } from './plate.ts';

/** Side of a block in pixels of the half-size plate. */
const BLOCK = 6;
/** Part of a block that must lie over the original to count. */
const LEAST_OF_BLOCK = 0.6;
/** Variance, in squared levels, that storage and a little noise change without any meaning. */
const NOISE = 2;
/** Variance under which a block counts little: it is nearly flat, and anything flat agrees with it. */
const FLAT = 36;
/** Deviation in levels beyond which a block counts no more: one hard edge must not decide. */
const MOST_WEIGHT = 30;
/**
 * Part of the copy's texture, where it agrees least, that is set aside: writing may cover it. More where the copy
 * lies pixel on pixel, since such a placement leaves chance nothing to choose.
 */
const SET_ASIDE = 0.2;
const SET_ASIDE_IN_PLACE = 0.4;
/** Agreement from which a block shows the same. */
const SAME = 0.85;

/** Difference up to which it is asked what moved and what colours differ: nothing that differs more passes for a copy. */
export const LIKE = 0.13;

/** How well two registered pictures agree where they overlap. */
export interface Agreement {
  /**
   * 1 - agreement of the blocks, weighted by their texture, without the part of it that agrees least: 0 for the same
   * picture, 1 for pictures that have nothing to do with each other.
   */
  difference: number;
  /** Share of the texture in blocks that do not show the same: what is written over a copy. */
  changed: number;
  /** Mean weight of a block: how much there is to compare, in levels. */
  texture: number;
  /** What moved by its depth; null where the pictures differ by more than `LIKE`. */
  flow: Flow | null;
}

/**
 * Compares a copy with what lies under it, block by block: 2 cov / (var + var), the contrast and structure terms of
 * SSIM (Wang et al. 2004), after one gain and offset for the whole overlap. Both are halved first, so that it does not
 * matter which of them was enlarged. Null where nothing can be compared.
 */
export function agreement(
  copy: Plate,
  original: Plate,
  placement: Placement,
  isInPlace: boolean,
): Agreement | null {
  const own = copy[1];
  const under = halfUnder(copy[0], original[0], placement);
  if (!lit(under, own.luma)) return null;
  const blocks: Block[] = [];
  const still = under.slice();
  for (let top = 0; top + BLOCK <= own.height; top += BLOCK)
    for (let left = 0; left + BLOCK <= own.width; left += BLOCK) {
      const block = compareBlock(own, under, top * own.width + left);
      if (!block) continue;
      blocks.push(block);
      // What is written over a copy is no motion.
      if (block.fit < SAME) blank(still, own, left, top);
    }
  const total = blocks.reduce((sum, { weight }) => sum + weight, 0);
  if (!(total > 0)) return null;
  blocks.sort((x, y) => x.fit - y.fit);
  const setAside = isInPlace ? SET_ASIDE_IN_PLACE : SET_ASIDE;
  let aside = setAside * total;
  let sum = 0;
  let changed = 0;
  for (const { weight, fit } of blocks) {
    const counted = weight - Math.min(weight, Math.max(0, aside));
    aside -= weight;
    sum += counted * fit;
    if (fit < SAME) changed += weight;
  }
  const difference = Math.min(1, Math.max(0, 1 - sum / ((1 - setAside) * total)));
  return {
    difference,
    changed: changed / total,
    texture: total / blocks.length,
    flow: difference <= LIKE ? flowBetween(own, still) : null,
  };
}

interface Block {
  weight: number;
  /** -1..1 */
  fit: number;
}

/** The original's luma under every pixel of the halved copy; NaN beyond its frame. */
function halfUnder(copy: Level, original: Level, { mirrored, a, b, tx, ty }: Placement): Float32Array {
  const width = copy.width >> 1;
  const height = copy.height >> 1;
  const under = new Float32Array(width * height);
  for (let y = 0; y < 2 * height; y++) {
    const v = y - (copy.height - 1) / 2;
    for (let x = 0; x < 2 * width; x++) {
      const u = mirrored ? (copy.width - 1) / 2 - x : x - (copy.width - 1) / 2;
      const px = a * u - b * v + tx + (original.width - 1) / 2;
      const py = b * u + a * v + ty + (original.height - 1) / 2;
      const isInside = px >= 0 && py >= 0 && px <= original.width - 1 && py <= original.height - 1;
      under[(y >> 1) * width + (x >> 1)]! += isInside ? sample(original, px, py) / 4 : Number.NaN;
    }
  }
  return under;
}

/** Lights the original as the copy is lit, by one gain and offset; false where there is nothing to light. */
function lit(under: Float32Array, own: Float32Array): boolean {
  let [n, sumOwn, sumUnder, squareOwn, squareUnder] = [0, 0, 0, 0, 0];
  for (let i = 0; i < own.length; i++) {
    const value = under[i]!;
    // What is clipped says nothing about the gain.
    if (Number.isNaN(value) || isClipped(own[i]!)) continue;
    n++;
    sumOwn += own[i]!;
    sumUnder += value;
    squareOwn += own[i]! ** 2;
    squareUnder += value ** 2;
  }
  const gain = Math.sqrt((squareOwn - sumOwn ** 2 / n) / (squareUnder - sumUnder ** 2 / n));
  if (!Number.isFinite(gain)) return false;
  const offset = (sumOwn - gain * sumUnder) / n;
  for (let i = 0; i < under.length; i++) under[i] = Math.min(255, Math.max(0, gain * under[i]! + offset));
  return true;
}

/** Leaves out a block and half of those around it. */
function blank(level: Float32Array, { width, height }: Level, left: number, top: number): void {
  const [from, to] = [Math.max(0, left - BLOCK / 2), Math.min(width, left + 1.5 * BLOCK)];
  const last = Math.min(height, top + 1.5 * BLOCK);
  for (let y = Math.max(0, top - BLOCK / 2); y < last; y++)
    level.fill(Number.NaN, y * width + from, y * width + to);
}

function compareBlock(own: Level, under: Float32Array, from: number): Block | null {
  const { width, luma } = own;
  let [n, sumOwn, sumOther, squareOwn, squareOther, product] = [0, 0, 0, 0, 0, 0];
  for (let row = from; row < from + BLOCK * width; row += width)
    for (let at = row; at < row + BLOCK; at++) {
      const other = under[at]!;
      if (Number.isNaN(other)) continue;
      const level = luma[at]!;
      n++;
      sumOwn += level;
      sumOther += other;
      squareOwn += level * level;
      squareOther += other * other;
      product += level * other;
    }
  if (n < LEAST_OF_BLOCK * BLOCK * BLOCK) return null;
  const varianceOwn = (squareOwn - (sumOwn * sumOwn) / n) / n;
  const varianceOther = (squareOther - (sumOther * sumOther) / n) / n;
  const covariance = (product - (sumOwn * sumOther) / n) / n;
  // Rounding may leave a flat block less than none.
  const most = Math.max(0, varianceOwn, varianceOther);
  return {
    weight: Math.sqrt(most / (most + FLAT)) * Math.min(MOST_WEIGHT, Math.sqrt(most)),
    fit: (2 * covariance + NOISE) / (varianceOwn + varianceOther + NOISE),
  };
}
