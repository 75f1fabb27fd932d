import type { Picture } from '../canvas.ts';
import type { Random } from '../random.ts';
import type { Faulty } from './define.ts';
import { changes } from './tools.ts';

/** Cells of the grid in which detail is counted, a side. */
const GRID = 12;

/** A place where there is something to see: drawn by how much neighbouring pixels differ, the middle preferred. */
export function busyPlace(picture: Picture, random: Random): { x: number; y: number } {
  const { width, height } = picture;
  const columns = Math.min(GRID, width);
  const rows = Math.min(GRID, height);
  const detail = detailOf(picture, columns, rows);
  const weights = detail.map((sum, cell) => {
    const x = ((cell % columns) + 0.5) / columns - 0.5;
    const y = (Math.floor(cell / columns) + 0.5) / rows - 0.5;
    return (sum + 1e-6) * (1 - Math.min(1, 3 * (x * x + y * y)));
  });
  let left = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
  let cell = 0;
  while (cell < weights.length - 1 && (left -= weights[cell]!) > 0) cell++;
  return {
    x: (((cell % columns) + random.next()) * width) / columns,
    y: ((Math.floor(cell / columns) + random.next()) * height) / rows,
  };
}

/** Sums of the differences between neighbouring pixels, per cell. */
function detailOf({ width, height, rgb }: Picture, columns: number, rows: number): Float64Array {
  const sums = new Float64Array(columns * rows);
  for (let y = 0, at = 0; y < height; y++) {
    const row = Math.floor((y * rows) / height) * columns;
    for (let x = 0; x < width; x++) {
      const cell = row + Math.floor((x * columns) / width);
      const right = x + 1 < width ? 3 : 0;
      const below = y + 1 < height ? width * 3 : 0;
      for (let c = 0; c < 3; c++, at++) {
        sums[cell]! += Math.abs(rgb[at]! - rgb[at + right]!) + Math.abs(rgb[at]! - rgb[at + below]!);
      }
    }
  }
  return sums;
}

/** Draws of a place before the best of them has to do. */
const TRIES = 6;
/** Mean change, in levels over the whole picture, from which a fault counts as seen. */
const SEEN = 1.5;

/**
 * Makes a fault until it is seen: on an even ground, or where like meets like, a fault would be none. Takes the most
 * visible of a few tries otherwise.
 */
export function seen(before: Picture, make: () => { picture: Picture; what: string }): Faulty {
  let best = { ...make() };
  let change = changeOf(before, best.picture);
  for (let i = 1; i < TRIES && change < SEEN; i++) {
    const other = make();
    const its = changeOf(before, other.picture);
    if (its > change) [best, change] = [other, its];
  }
  return { ...best, mask: changes(before, best.picture) };
}

function changeOf(before: Picture, after: Picture): number {
  let sum = 0;
  for (let i = 0; i < before.rgb.length; i++) sum += Math.abs(before.rgb[i]! - after.rgb[i]!);
  return sum / before.rgb.length;
}
