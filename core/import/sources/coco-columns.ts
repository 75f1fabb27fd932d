const FIRST_CAPACITY = 1024;
/** Numbers of one annotation: image, category, line, id, the four of its box, and the place of its detail. */
const WIDTH = 9;
/** Bytes of text that are taken at once. */
const BLOCK = 4 * 1024 * 1024;

/** One annotation, as numbers. */
export interface Row {
  /** Numbers that stand for the ids that it names. */
  image: number;
  category: number;
  line: number;
  /** NaN where it is text or missing. */
  id: number;
  /** NaN in all four where it labels the whole image. */
  box: readonly [number, number, number, number];
  /** JSON of what it says besides; null for nothing. */
  detail: string | null;
}

/** Rows by group, in file order: those of group g are `order[starts[g]]` to `order[starts[g + 1] - 1]`. */
export interface Groups {
  starts: Int32Array;
  order: Int32Array;
}

/** The annotations of a file as plain numbers: a large dataset has millions, and an object for each takes four times more. */
export class AnnotationTable {
  #cells = new Float64Array(FIRST_CAPACITY * WIDTH);
  #rows = 0;
  readonly #details = new Texts();

  get size(): number {
    return this.#rows;
  }

  add({ image, category, line, id, box, detail }: Row): void {
    const at = this.#rows * WIDTH;
    if (at === this.#cells.length) {
      const more = new Float64Array(at * 2);
      more.set(this.#cells);
      this.#cells = more;
    }
    this.#cells.set(
      [image, category, line, id, ...box, detail === null ? -1 : this.#details.add(detail)],
      at,
    );
    this.#rows += 1;
  }

  row(index: number): Row {
    const cells = this.#cells;
    const at = index * WIDTH;
    return {
      image: cells[at]!,
      category: cells[at + 1]!,
      line: cells[at + 2]!,
      id: cells[at + 3]!,
      box: [cells[at + 4]!, cells[at + 5]!, cells[at + 6]!, cells[at + 7]!],
      detail: cells[at + 8]! < 0 ? null : this.#details.at(cells[at + 8]!),
    };
  }

  /** Sorts the rows into groups. `groupOf` gives the group of a row from 0, or -1 to leave it out. */
  grouped(groups: number, groupOf: (row: Row) => number): Groups {
    const starts = new Int32Array(groups + 1);
    const group = new Int32Array(this.#rows);
    for (let i = 0; i < this.#rows; i++) {
      const of = groupOf(this.row(i));
      group[i] = of;
      if (of >= 0) starts[of + 1]!++;
    }
    for (let g = 0; g < groups; g++) starts[g + 1]! += starts[g]!;
    const next = starts.slice();
    const order = new Int32Array(starts[groups]!);
    for (let i = 0; i < this.#rows; i++) if (group[i]! >= 0) order[next[group[i]!]!++] = i;
    return { starts, order };
  }
}

/** Texts by number, kept as bytes outside of the heap: the outlines of a large dataset are hundreds of megabytes. */
class Texts {
  readonly #blocks: Buffer[] = [];
  #used = BLOCK;
  /** Block, first byte and number of bytes of each text. */
  readonly #places: [block: number, from: number, bytes: number][] = [];

  add(text: string): number {
    const bytes = Buffer.byteLength(text);
    if (this.#used + bytes > (this.#blocks.at(-1)?.length ?? 0)) {
      this.#blocks.push(Buffer.allocUnsafeSlow(Math.max(BLOCK, bytes)));
      this.#used = 0;
    }
    this.#blocks.at(-1)!.write(text, this.#used);
    this.#places.push([this.#blocks.length - 1, this.#used, bytes]);
    this.#used += bytes;
    return this.#places.length - 1;
  }

  at(index: number): string {
    const [block, from, bytes] = this.#places[index]!;
    return this.#blocks[block]!.toString('utf8', from, from + bytes);
  }
}

/** Gives each distinct id a number from 0, in order of appearance. */
export class Interned {
  readonly ids: unknown[] = [];
  readonly #numbers = new Map<unknown, number>();

  of(id: unknown): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    this.#numbers.set(id, this.ids.length);
    return this.ids.push(id) - 1;
  }
}

/** Finds what an id stands for. Ids are compared as written; 1 and "1" are the same where only one of them is declared. */
export class Ids {
  readonly #exact = new Map<unknown, number>();
  #loose: Map<string, number> | null = null;
  /** Whether a number was found by its text or the other way round. */
  mixed = false;

  /** Declares an id; `value` is what it stands for. */
  set(id: unknown, value: number): void {
    this.#exact.set(id, value);
    this.#loose = null;
  }

  /** As declared, without a look at other spellings. */
  exact(id: unknown): number | undefined {
    return this.#exact.get(id);
  }

  find(id: unknown): number | undefined {
    const exact = this.#exact.get(id);
    if (exact !== undefined || (typeof id !== 'string' && typeof id !== 'number')) return exact;
    if (!this.#loose) {
      this.#loose = new Map();
      for (const [known, value] of this.#exact) {
        const text = String(known);
        this.#loose.set(text, this.#loose.has(text) ? -1 : value);
      }
    }
    const found = this.#loose.get(String(id));
    if (found === undefined || found < 0) return undefined;
    this.mixed = true;
    return found;
  }
}
