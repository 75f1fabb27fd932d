/** Cells along the longer side of a map. */
const SIDE = 128;
/** A sixth of Scott's bandwidth: his rule is for one hill, and a map has many. */
const SCOTT_SHARE = 1 / 6;

/** How dense the points of a map lie, on a grid of square cells. */
export interface Density {
  columns: number;
  rows: number;
  /** Points per cell after smoothing, row by row. */
  values: Float64Array;
  /** The cell of each point; -1 for a point without a place. */
  cellOf: Int32Array;
  /** The middle of a cell. */
  at(cell: number): { x: number; y: number };
}

/**
 * Counts points in cells and smooths the counts by a Gaussian of a sixth of Scott's width, n^(-1/6) times the standard
 * deviation (Scott 1992), and at least one cell.
 */
export function densityOf(x: Float32Array, y: Float32Array): Density {
  const across = spread(x);
  const down = spread(y);
  const cell = Math.max(across.max - across.min, down.max - down.min, 1e-9) / SIDE;
  const columns = Math.floor((across.max - across.min) / cell) + 1;
  const rows = Math.floor((down.max - down.min) / cell) + 1;
  const cellOf = new Int32Array(x.length).fill(-1);
  const counts = new Float64Array(columns * rows);
  for (let i = 0; i < x.length; i++) {
    if (!Number.isFinite(x[i]!) || !Number.isFinite(y[i]!)) continue;
    const column = Math.floor((x[i]! - across.min) / cell);
    cellOf[i] = Math.floor((y[i]! - down.min) / cell) * columns + column;
    counts[cellOf[i]!]!++;
  }
  const scott = ((across.deviation + down.deviation) / 2) * Math.max(x.length, 1) ** (-1 / 6);
  const values = smoothed(counts, columns, Math.max(1, (SCOTT_SHARE * scott) / cell));
  const at = (index: number): { x: number; y: number } => ({
    x: across.min + ((index % columns) + 0.5) * cell,
    y: down.min + (Math.floor(index / columns) + 0.5) * cell,
  });
  return { columns, rows, values, cellOf, at };
}

function spread(values: Float32Array): { min: number; max: number; deviation: number } {
  let [min, max, count, sum, squares] = [Infinity, -Infinity, 0, 0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    count++;
    sum += value;
    squares += value * value;
  }
  if (count === 0) return { min: 0, max: 0, deviation: 0 };
  return { min, max, deviation: Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2)) };
}

/** A Gaussian of so many cells along both axes, cut off at three times its width. */
function smoothed(counts: Float64Array, columns: number, width: number): Float64Array {
  const reach = Math.ceil(3 * width);
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * width ** 2)),
  );
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  const rows = counts.length / columns;
  const along = (
    from: Float64Array,
    lines: number,
    length: number,
    step: number,
    next: number,
  ): Float64Array => {
    const to = new Float64Array(from.length);
    for (let line = 0; line < lines; line++)
      for (let i = 0; i < length; i++) {
        const value = from[line * next + i * step]!;
        if (value === 0) continue;
        for (let k = Math.max(-reach, -i); k <= Math.min(reach, length - 1 - i); k++)
          to[line * next + (i + k) * step]! += (value * kernel[k + reach]!) / total;
      }
    return to;
  };
  return along(along(counts, rows, columns, 1, columns), columns, rows, columns, 1);
}
