export type Point = [number, number];

/**
 * A drawn line with at most `maxVertices` corners: those that matter most for the area are kept
 * (Visvalingam and Whyatt 1993).
 */
export function simplify(polygon: readonly Point[], maxVertices: number): Point[] {
  if (polygon.length <= Math.max(maxVertices, 3)) return [...polygon];
  const n = polygon.length;
  const previous = Array.from({ length: n }, (_, i) => (i + n - 1) % n);
  const next = Array.from({ length: n }, (_, i) => (i + 1) % n);
  const alive = new Uint8Array(n).fill(1);
  const at = (i: number): Point => polygon[i] ?? [0, 0];
  const areaAt = (i: number) => triangle(at(previous[i] ?? 0), at(i), at(next[i] ?? 0));
  const areas = Float64Array.from(polygon, (_, i) => areaAt(i));
  const order = new MinHeap(areas);
  for (let left = n; left > Math.max(maxVertices, 3); left--) {
    const gone = order.pop();
    alive[gone] = 0;
    const before = previous[gone] ?? 0;
    const after = next[gone] ?? 0;
    next[before] = after;
    previous[after] = before;
    for (const neighbour of [before, after]) {
      // Never less than what was cut already, or a spike is eaten away from its foot.
      areas[neighbour] = Math.max(areaAt(neighbour), areas[gone] ?? 0);
      order.moved(neighbour);
    }
  }
  return polygon.filter((_, i) => alive[i] === 1);
}

const triangle = (a: Point, b: Point, c: Point): number =>
  Math.abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2;

/** Keeps few digits, so that a lasso in an address stays short; far below what one can draw by hand. */
export function rounded(polygon: readonly Point[], extent: number): Point[] {
  const step = 10 ** Math.floor(Math.log10(extent / 10_000));
  // Division last: 3 * 0.1 is not 0.3, but 3 / 10 is.
  const per = Math.round(1 / step);
  const round = (v: number) => (per >= 1 ? Math.round(v * per) / per : Math.round(v / step) * step);
  return polygon.map(([x, y]) => [round(x), round(y)]);
}

/** Indices by ascending key, where keys may change. */
class MinHeap {
  readonly #keys: Float64Array;
  readonly #heap: Uint32Array;
  readonly #place: Uint32Array;
  #size: number;

  constructor(keys: Float64Array) {
    this.#keys = keys;
    this.#size = keys.length;
    this.#heap = Uint32Array.from(keys, (_, i) => i);
    this.#place = Uint32Array.from(keys, (_, i) => i);
    for (let i = this.#size >> 1; i >= 0; i--) this.#down(i);
  }

  pop(): number {
    const top = this.#heap[0] ?? 0;
    this.#size -= 1;
    this.#put(0, this.#heap[this.#size] ?? 0);
    this.#down(0);
    return top;
  }

  moved(index: number): void {
    const place = this.#place[index] ?? 0;
    if (place >= this.#size || this.#heap[place] !== index) return;
    this.#up(place);
    this.#down(this.#place[index] ?? 0);
  }

  #key(place: number): number {
    return this.#keys[this.#heap[place] ?? 0] ?? Infinity;
  }

  #put(place: number, index: number): void {
    this.#heap[place] = index;
    this.#place[index] = place;
  }

  #swap(a: number, b: number): void {
    const [atA, atB] = [this.#heap[a] ?? 0, this.#heap[b] ?? 0];
    this.#put(a, atB);
    this.#put(b, atA);
  }

  #up(start: number): void {
    for (let i = start; i > 0;) {
      const parent = (i - 1) >> 1;
      if (this.#key(parent) <= this.#key(i)) return;
      this.#swap(parent, i);
      i = parent;
    }
  }

  #down(start: number): void {
    for (let i = start; ;) {
      const left = 2 * i + 1;
      if (left >= this.#size) return;
      const child = left + 1 < this.#size && this.#key(left + 1) < this.#key(left) ? left + 1 : left;
      if (this.#key(i) <= this.#key(child)) return;
      this.#swap(i, child);
      i = child;
    }
  }
}
