import type { Placement } from './placement.ts';

/** Side by side pixels of a plate that make one of these. */
const EACH = 4;
/** Part of the pixels, those that differ most, that is set aside: writing may be coloured. */
const SET_ASIDE = 0.25;
/** Times that a copy's colours may be as strong as its original's, or as weak. */
const MOST_SATURATION = 3;
/** Root mean square of the colours of what counts as grey, levels. */
const GREY = 2;
/** Times that the fit leaves out what it fits worst. */
const ROUNDS = 3;

/**
 * Colours of a picture without light and dark, at a quarter of its plate: a point in the plane across the grey axis of
 * the RGB cube for each pixel, levels.
 */
export interface Colours {
  width: number;
  height: number;
  p: Float32Array;
  q: Float32Array;
}

type Line = Float32Array;

/** From RGB bytes, row-major. */
export function coloursOf(rgb: Uint8Array, width: number, height: number): Colours {
  const columns = Math.floor(width / EACH);
  const rows = Math.floor(height / EACH);
  const p = new Float32Array(columns * rows);
  const q = new Float32Array(columns * rows);
  for (let y = 0; y < rows * EACH; y++)
    for (let x = 0; x < columns * EACH; x++) {
      const at = 3 * (y * width + x);
      const to = Math.floor(y / EACH) * columns + Math.floor(x / EACH);
      p[to]! += (rgb[at]! - rgb[at + 1]!) / (Math.SQRT2 * EACH * EACH);
      q[to]! += (rgb[at]! + rgb[at + 1]! - 2 * rgb[at + 2]!) / (Math.sqrt(6) * EACH * EACH);
    }
  return { width: columns, height: rows, p, q };
}

/**
 * How far the colours of a copy are from those of its original under one turn of all hues and one saturation, root mean
 * square in levels without the quarter that is farthest. Brightness, contrast and hue change colours so; that object and
 * ground change apart is another picture. 0 where nothing overlaps.
 */
export function colourDifference(copy: Colours, original: Colours, placement: Placement): number {
  const { mirrored, a, b } = placement;
  const tx = placement.tx / EACH + (original.width - 1) / 2;
  const ty = placement.ty / EACH + (original.height - 1) / 2;
  const most = copy.width * copy.height;
  const [p, q, u, v] = [0, 1, 2, 3].map(() => new Float32Array(most)) as [Line, Line, Line, Line];
  let count = 0;
  let strength = 0;
  for (let y = 0; y < copy.height; y++)
    for (let x = 0; x < copy.width; x++) {
      const dx = mirrored ? (copy.width - 1) / 2 - x : x - (copy.width - 1) / 2;
      const dy = y - (copy.height - 1) / 2;
      const column = Math.round(a * dx - b * dy + tx);
      const row = Math.round(b * dx + a * dy + ty);
      if (column < 0 || row < 0 || column >= original.width || row >= original.height) continue;
      const to = y * copy.width + x;
      const from = row * original.width + column;
      p[count] = copy.p[to]!;
      q[count] = copy.q[to]!;
      u[count] = original.p[from]!;
      v[count] = original.q[from]!;
      strength += p[count]! ** 2 + q[count]! ** 2;
      count++;
    }
  if (count === 0) return 0;
  // A picture made grey has lost its colours, but one of other colours that are pale has not.
  const least = strength <= GREY ** 2 * count ? 0 : 1 / MOST_SATURATION;
  const kept = Math.ceil((1 - SET_ASIDE) * count);
  const left = new Float32Array(count);
  let limit = 0;
  let ascending = left;
  for (let round = 0; round < ROUNDS; round++) {
    // Least squares of (p, q) on (u, v) turned and scaled: a complex factor.
    let [along, across, square] = [0, 0, 0];
    for (let i = 0; i < count; i++) {
      if (left[i]! > limit) continue;
      along += p[i]! * u[i]! + q[i]! * v[i]!;
      across += q[i]! * u[i]! - p[i]! * v[i]!;
      square += u[i]! ** 2 + v[i]! ** 2;
    }
    const factor = square > 0 ? Math.hypot(along, across) / square : 0;
    const held = factor > 0 ? Math.min(MOST_SATURATION, Math.max(least, factor)) / factor / square : 0;
    const [re, im] = [held * along, held * across];
    for (let i = 0; i < count; i++)
      left[i] = (p[i]! - re * u[i]! + im * v[i]!) ** 2 + (q[i]! - im * u[i]! - re * v[i]!) ** 2;
    ascending = left.toSorted();
    limit = ascending[kept - 1]!;
  }
  return Math.sqrt(ascending.subarray(0, kept).reduce((sum, value) => sum + value, 0) / kept);
}
