import type { Level, Plate } from './plate.ts';
import { sample, type Placement } from './registration.ts';

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
/** Part of the copy's texture, where it agrees least, that is set aside: writing may cover it. */
const SET_ASIDE = 0.2;
/** Agreement from which a block shows the same. */
const SAME = 0.85;

/** How well two registered pictures agree where they overlap. */
export interface Agreement {
  /**
   * 1 - agreement of the blocks, weighted by their texture, without the fifth of it that agrees least: 0 for the same
   * picture, 1 for pictures that have nothing to do with each other.
   */
  difference: number;
  /** Share of the texture in blocks that do not show the same: what is written over a copy. */
  changed: number;
  /** Mean weight of a block: how much there is to compare, in levels. */
  texture: number;
  /** Median over the texture of how far blocks lie from where one placement for all puts them, in plate pixels. */
  motion: number;
}

/**
 * Compares a copy with what lies under it, block by block: 2 cov / (var + var), the contrast and structure terms of
 * SSIM (Wang et al. 2004), after one gain for the whole overlap. Both are halved first, so that it does not matter which
 * of them was enlarged. Null where nothing can be compared.
 */
export function agreement(copy: Plate, original: Plate, placement: Placement): Agreement | null {
  const own = copy[1];
  const under = halfUnder(copy[0], original[0], placement);
  const gain = Math.sqrt(varianceRatio(own.luma, under));
  if (!Number.isFinite(gain)) return null;
  const blocks: Block[] = [];
  for (let top = 0; top + BLOCK <= own.height; top += BLOCK)
    for (let left = 0; left + BLOCK <= own.width; left += BLOCK) {
      const block = compareBlock(own, under, top * own.width + left, gain);
      if (block) blocks.push(block);
    }
  const total = blocks.reduce((sum, { weight }) => sum + weight, 0);
  if (!(total > 0)) return null;
  blocks.sort((x, y) => x.fit - y.fit);
  let aside = SET_ASIDE * total;
  let sum = 0;
  let changed = 0;
  for (const { weight, fit } of blocks) {
    const counted = weight - Math.min(weight, Math.max(0, aside));
    aside -= weight;
    sum += counted * fit;
    if (fit < SAME) changed += weight;
  }
  blocks.sort((x, y) => x.motion - y.motion);
  let half = total / 2;
  const middle = blocks.find(({ weight }) => (half -= weight) <= 0)!;
  return {
    difference: Math.min(1, Math.max(0, 1 - sum / ((1 - SET_ASIDE) * total))),
    changed: changed / total,
    texture: total / blocks.length,
    motion: middle.motion,
  };
}

interface Block {
  weight: number;
  /** -1..1 */
  fit: number;
  motion: number;
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

/** Variance of the copy through that of the original, where they overlap. */
function varianceRatio(own: Float32Array, under: Float32Array): number {
  let [n, sumOwn, sumUnder, squareOwn, squareUnder] = [0, 0, 0, 0, 0];
  for (let i = 0; i < own.length; i++) {
    const value = under[i]!;
    if (Number.isNaN(value)) continue;
    n++;
    sumOwn += own[i]!;
    sumUnder += value;
    squareOwn += own[i]! ** 2;
    squareUnder += value ** 2;
  }
  return (squareOwn - sumOwn ** 2 / n) / (squareUnder - sumUnder ** 2 / n);
}

function compareBlock(own: Level, under: Float32Array, from: number, gain: number): Block | null {
  const { width, luma } = own;
  let [n, sumOwn, sumOther, squareOwn, squareOther, product] = [0, 0, 0, 0, 0, 0];
  for (let row = from; row < from + BLOCK * width; row += width)
    for (let at = row; at < row + BLOCK; at++) {
      const other = gain * under[at]!;
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
    motion: motionOf(own, under, from, gain, sumOwn / n, sumOther / n),
    weight: Math.sqrt(most / (most + FLAT)) * Math.min(MOST_WEIGHT, Math.sqrt(most)),
    fit: (2 * covariance + NOISE) / (varianceOwn + varianceOther + NOISE),
  };
}

/** Keeps blocks that are flat along one direction from moving along it, squared levels a pixel. */
const STIFF = 4;

/** How far a block of the original has to move to agree best with the copy's (one step of Lucas and Kanade), plate pixels. */
function motionOf(
  { width, luma }: Level,
  under: Float32Array,
  from: number,
  gain: number,
  meanOwn: number,
  meanOther: number,
): number {
  let [n, xx, xy, yy, bx, by] = [0, 0, 0, 0, 0, 0];
  for (let row = from + width; row < from + (BLOCK - 1) * width; row += width)
    for (let at = row + 1; at < row + BLOCK - 1; at++) {
      const gx = (gain * (under[at + 1]! - under[at - 1]!)) / 2;
      const gy = (gain * (under[at + width]! - under[at - width]!)) / 2;
      const rest = luma[at]! - meanOwn - (gain * under[at]! - meanOther);
      if (Number.isNaN(gx + gy + rest)) continue;
      n++;
      xx += gx * gx;
      xy += gx * gy;
      yy += gy * gy;
      bx += gx * rest;
      by += gy * rest;
    }
  xx += STIFF * n;
  yy += STIFF * n;
  const determinant = xx * yy - xy * xy;
  return determinant > 0 ? (2 * Math.hypot(yy * bx - xy * by, xx * by - xy * bx)) / determinant : 0;
}
