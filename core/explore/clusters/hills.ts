import type { Density } from './density.ts';

/** A hill must rise above the pass to a higher one so that the pass is at most this share of its peak. */
const PASS_SHARE = 0.6;
const NONE = -1;

/**
 * The hills of a density: for each cell the cell of its hill's peak, or -1 where nothing lies. Cells are taken from the
 * densest down; each joins the hill of its densest neighbour, and a hill that meets a higher one before it has fallen to
 * `PASS_SHARE` of its peak becomes part of that. This is ToMATo (Chazal, Guibas, Oudot, Skraba 2013) on a grid, with the
 * prominence as a ratio.
 */
export function hillsOf({ columns, rows, values }: Density): Int32Array {
  const peakOf = new Int32Array(values.length).fill(NONE);
  const find = (cell: number): number => {
    let root = cell;
    while (peakOf[root] !== root) root = peakOf[root]!;
    for (let at = cell; at !== root;) {
      const next = peakOf[at]!;
      peakOf[at] = root;
      at = next;
    }
    return root;
  };
  const order = [...values.keys()]
    .filter((cell) => values[cell]! > 0)
    .sort((a, b) => values[b]! - values[a]! || a - b);
  for (const cell of order) {
    const near = neighbours(cell, columns, rows).filter((other) => peakOf[other] !== NONE);
    if (near.length === 0) {
      peakOf[cell] = cell;
      continue;
    }
    const densest = near.reduce((a, b) => (values[b]! > values[a]! ? b : a));
    let hill = find(densest);
    peakOf[cell] = hill;
    for (const other of near) {
      const root = find(other);
      if (root === hill) continue;
      const [high, low] = values[root]! > values[hill]! ? [root, hill] : [hill, root];
      if (values[cell]! <= PASS_SHARE * values[low]!) continue;
      peakOf[low] = high;
      hill = high;
    }
  }
  for (const cell of order) find(cell);
  return peakOf;
}

function neighbours(cell: number, columns: number, rows: number): number[] {
  const column = cell % columns;
  const row = Math.floor(cell / columns);
  const found: number[] = [];
  for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++)
    for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); c++)
      if (r !== row || c !== column) found.push(r * columns + c);
  return found;
}
