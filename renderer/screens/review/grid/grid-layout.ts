import { LARGEST_GRID, SMALLEST_GRID } from '../../../../rpc/contract/reviews.ts';
import type { Size } from '../viewport.ts';

/** How many at once, from the fewest to the most. */
const SIZES = [SMALLEST_GRID, 12, 20, 30, 42, LARGEST_GRID] as const;
export const DEFAULT_GRID = 20;

/** The size that is so many steps larger, within the smallest and the largest. */
export function gridSize(now: number, steps: number): number {
  const at = SIZES.findLastIndex((size) => size <= now);
  return SIZES[Math.min(Math.max(at + steps, 0), SIZES.length - 1)]!;
}

/** Columns that leave `count` tiles the largest squares in an area, each with `caption` pixels below it. */
export function columnsFor(count: number, area: Size, caption: number): number {
  let best = 1;
  let largest = 0;
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const edge = Math.min(area.width / columns, area.height / rows - caption);
    if (edge > largest) [best, largest] = [columns, edge];
  }
  return best;
}

/** The tile a step away; the same one where there is none. */
export function stepTo(from: number, key: string, columns: number, count: number): number {
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[key] ?? 0;
  const to = from + by;
  return to >= 0 && to < count ? to : from;
}
