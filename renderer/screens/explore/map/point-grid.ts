import type { MapPoints } from './points.ts';

const POINTS_PER_CELL = 4;

/** Finds the point nearest to the pointer without drawing anything: points sorted into square cells. */
export class PointGrid {
  readonly #points: MapPoints;
  readonly #columns: number;
  readonly #rows: number;
  readonly #cell: number;
  /** Where each cell's points begin in `#order`, and where the last one's end. */
  readonly #starts: Uint32Array;
  readonly #order: Uint32Array;

  constructor(points: MapPoints) {
    this.#points = points;
    const { minX, minY, maxX, maxY } = points.bounds;
    const width = Math.max(maxX - minX, 1e-9);
    const height = Math.max(maxY - minY, 1e-9);
    const cells = Math.max(points.count / POINTS_PER_CELL, 1);
    // A line of points would ask for as many cells as it is long: bounded by the side of a square of the same count.
    this.#cell = Math.max(
      Math.sqrt((width * height) / cells),
      Math.max(width, height) / (4 * Math.sqrt(cells)),
    );
    this.#columns = Math.floor(width / this.#cell) + 1;
    this.#rows = Math.floor(height / this.#cell) + 1;
    this.#starts = new Uint32Array(this.#columns * this.#rows + 1);
    this.#order = new Uint32Array(points.count);
    const cellOf = (i: number) =>
      this.#row(points.y[i] ?? 0) * this.#columns + this.#column(points.x[i] ?? 0);
    for (let i = 0; i < points.count; i++) this.#add(cellOf(i) + 1, 1);
    for (let cell = 0; cell < this.#columns * this.#rows; cell++)
      this.#add(cell + 1, this.#starts[cell] ?? 0);
    const filled = this.#starts.slice();
    for (let i = 0; i < points.count; i++) {
      const cell = cellOf(i);
      const place = filled[cell] ?? 0;
      this.#order[place] = i;
      filled[cell] = place + 1;
    }
  }

  /** Index of the nearest point within `radius`, of those that `isWanted` admits; -1 where there is none. */
  nearest(x: number, y: number, radius: number, isWanted: (index: number) => boolean = () => true): number {
    let best = -1;
    let bestSquared = radius * radius;
    const [left, right] = [this.#column(x - radius), this.#column(x + radius)];
    for (let row = this.#row(y - radius); row <= this.#row(y + radius); row++) {
      const end = this.#starts[row * this.#columns + right + 1] ?? 0;
      for (let place = this.#starts[row * this.#columns + left] ?? 0; place < end; place++) {
        const i = this.#order[place] ?? 0;
        const squared = ((this.#points.x[i] ?? 0) - x) ** 2 + ((this.#points.y[i] ?? 0) - y) ** 2;
        if (squared > bestSquared || !isWanted(i)) continue;
        best = i;
        bestSquared = squared;
      }
    }
    return best;
  }

  #add(index: number, value: number): void {
    this.#starts[index] = (this.#starts[index] ?? 0) + value;
  }

  #column(x: number): number {
    const column = Math.floor((x - this.#points.bounds.minX) / this.#cell);
    return Math.min(Math.max(column, 0), this.#columns - 1);
  }

  #row(y: number): number {
    const row = Math.floor((y - this.#points.bounds.minY) / this.#cell);
    return Math.min(Math.max(row, 0), this.#rows - 1);
  }
}
