import type { Level, Plate } from './plate.ts';

/**
 * Where a copy's pixels come from: a point (x, y) from the middle of the copy's plate lies at
 * (a u - b y + tx, b u + a y + ty) from the middle of the original's, where u is x, or -x in a mirrored copy.
 */
export interface Placement {
  mirrored: boolean;
  a: number;
  b: number;
  tx: number;
  ty: number;
}

/** A placement found, and the correlation of the pictures under it. */
export interface Found {
  placement: Placement;
  fit: number;
}

/** Least parts of the copy, and of the original, that must overlap. */
const LEAST_OF_COPY = 0.45;
const LEAST_OF_ORIGINAL = 0.3;
/** Sizes of an original's pixel in a copy's: crops and borders stay within. */
export const LEAST_SCALE = 0.45;
export const LARGEST_SCALE = 1.6;

/** Correlation of the two pictures where they overlap, -1..1; -1 where they hardly do. */
export function correlation(
  copy: Plate,
  original: Plate,
  level: number,
  placement: Placement,
  stride: number,
): number {
  const { width, height, luma } = copy[level]!;
  const { width: across, height: down, luma: under } = original[level]!;
  const { mirrored: isMirrored, a, b } = placement;
  const scale = Math.hypot(a, b);
  if (!(scale > LEAST_SCALE && scale < LARGEST_SCALE)) return -1;
  const shrink = 2 ** level;
  const tx = placement.tx / shrink + (across - 1) / 2;
  const ty = placement.ty / shrink + (down - 1) / 2;
  let n = 0;
  let sc = 0;
  let so = 0;
  let scc = 0;
  let soo = 0;
  let sco = 0;
  for (let y = 0; y < height; y += stride) {
    const v = y - (height - 1) / 2;
    const bv = b * v;
    const av = a * v;
    for (let x = 0; x < width; x += stride) {
      const u = isMirrored ? (width - 1) / 2 - x : x - (width - 1) / 2;
      const px = a * u - bv + tx;
      const py = b * u + av + ty;
      if (!(px >= 0 && py >= 0 && px <= across - 1 && py <= down - 1)) continue;
      // As `sample` does.
      const x0 = Math.min(across - 2, px | 0);
      const y0 = Math.min(down - 2, py | 0);
      const fx = px - x0;
      const at = y0 * across + x0;
      const top = under[at]! + fx * (under[at + 1]! - under[at]!);
      const low = under[at + across]! + fx * (under[at + across + 1]! - under[at + across]!);
      const value = top + (py - y0) * (low - top);
      const own = luma[y * width + x]!;
      n++;
      sc += own;
      so += value;
      scc += own * own;
      soo += value * value;
      sco += own * value;
    }
  }
  const area = n * stride * stride;
  if (area < LEAST_OF_COPY * width * height || area * scale * scale < LEAST_OF_ORIGINAL * across * down)
    return -1;
  const varC = scc - (sc * sc) / n;
  const varO = soo - (so * so) / n;
  return varC <= 0 || varO <= 0 ? -1 : (sco - (sc * so) / n) / Math.sqrt(varC * varO);
}

export function sample({ width, height, luma }: Level, x: number, y: number): number {
  const x0 = Math.min(width - 2, x | 0);
  const y0 = Math.min(height - 2, y | 0);
  const u = x - x0;
  const v = y - y0;
  const at = y0 * width + x0;
  const top = luma[at]! + u * (luma[at + 1]! - luma[at]!);
  const bottom = luma[at + width]! + u * (luma[at + width + 1]! - luma[at + width]!);
  return top + v * (bottom - top);
}
