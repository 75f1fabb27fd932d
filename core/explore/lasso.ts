import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { POINT_BYTES } from '../../rpc/contract/maps.ts';
import { AssayError } from '../../rpc/errors.ts';

const SLABS = 512;

/** A closed polygon, inside by the even-odd rule, with its edges sorted into horizontal slabs. */
export class Polygon {
  readonly #slabs: Float64Array[];
  readonly #bottom: number;
  readonly #top: number;
  readonly #left: number;
  readonly #right: number;

  constructor(points: readonly (readonly [number, number])[]) {
    const xs = points.map(([x]) => x);
    const ys = points.map(([, y]) => y);
    this.#left = Math.min(...xs);
    this.#right = Math.max(...xs);
    this.#bottom = Math.min(...ys);
    this.#top = Math.max(...ys);
    const slabs: number[][] = Array.from({ length: SLABS }, () => []);
    for (const [i, [x1, y1]] of points.entries()) {
      const [x2, y2] = points[(i + 1) % points.length]!;
      for (let slab = this.#slab(Math.min(y1, y2)); slab <= this.#slab(Math.max(y1, y2)); slab++)
        slabs[slab]!.push(x1, y1, x2, y2);
    }
    this.#slabs = slabs.map((edges) => Float64Array.from(edges));
  }

  #slab(y: number): number {
    const height = this.#top - this.#bottom;
    return height > 0 ? Math.min(SLABS - 1, Math.floor(((y - this.#bottom) / height) * SLABS)) : 0;
  }

  contains(x: number, y: number): boolean {
    // Written so that NaN, of an image without a place, is outside.
    if (!(x >= this.#left && x <= this.#right && y >= this.#bottom && y <= this.#top)) return false;
    const edges = this.#slabs[this.#slab(y)]!;
    let inside = false;
    for (let i = 0; i < edges.length; i += 4) {
      const y1 = edges[i + 1]!;
      const y2 = edges[i + 3]!;
      if (y1 > y === y2 > y) continue;
      const x1 = edges[i]!;
      if (x < ((edges[i + 2]! - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
    }
    return inside;
  }
}

interface Points {
  file: string;
  version: string;
  floats: Float32Array;
  numbers: Uint32Array;
}

/** The layouts in a project's `maps/`. Keeps the last one used: 16 bytes per image. */
export class Layouts {
  readonly #folder: string;
  #points: Points | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Changes whenever the file does. Throws `NOT_READY` if the layout was not computed. */
  version(layout: string): string {
    try {
      const { mtimeMs, size } = statSync(this.#file(layout));
      return `${mtimeMs}:${size}`;
    } catch (error) {
      throw new AssayError(
        'NOT_READY',
        `There is no ${layout.toUpperCase()} map of this project yet: have it computed first (Explore, Map).`,
        { layout },
        error,
      );
    }
  }

  /** Which of the first `n` images lie inside the polygon: 1 by image number. The map may hold more. */
  inside(layout: string, polygon: readonly (readonly [number, number])[], n: number): Uint8Array {
    const { floats, numbers } = this.#read(layout);
    const area = new Polygon(polygon);
    const mask = new Uint8Array(n + 1);
    for (let at = 0; at < numbers.length; at += 4)
      if (area.contains(floats[at]!, floats[at + 1]!) && numbers[at + 2]! <= n) mask[numbers[at + 2]!] = 1;
    return mask;
  }

  /** Places of the images on the map. Throws what `version` throws. */
  places(layout: string): { x: Float32Array; y: Float32Array; ids: Uint32Array } {
    const { floats, numbers } = this.#read(layout);
    const n = numbers.length / 4;
    return {
      x: Float32Array.from({ length: n }, (_, i) => floats[4 * i]!),
      y: Float32Array.from({ length: n }, (_, i) => floats[4 * i + 1]!),
      ids: Uint32Array.from({ length: n }, (_, i) => numbers[4 * i + 2]!),
    };
  }

  #read(layout: string): Points {
    const file = this.#file(layout);
    const version = this.version(layout);
    if (this.#points?.file === file && this.#points.version === version) return this.#points;
    const bytes = readFileSync(file);
    const whole = bytes.length - (bytes.length % POINT_BYTES);
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + whole);
    this.#points = { file, version, floats: new Float32Array(buffer), numbers: new Uint32Array(buffer) };
    return this.#points;
  }

  #file(layout: string): string {
    return join(this.#folder, 'maps', `${layout}.bin`);
  }
}
