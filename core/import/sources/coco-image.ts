import { integer } from '../../../rpc/format.ts';
import { numberOf } from './coco-annotation.ts';
import { Ids } from './coco-columns.ts';
import type { SourceEntry } from './define.ts';
import { columnsOf, isEcho, judgementsIn, lostColumns, plainName } from './manifest-columns.ts';
import { RowReader } from './manifest-row.ts';
import { faultOf, isNothing, isRecord } from './untrusted.ts';

/** A sound record of COCO's `images`. */
export interface CocoImage {
  id: unknown;
  /** The name as written, or the end of its address where it has no name. */
  written: string;
  line: number;
  /** What its columns say; its path is not looked up yet. */
  facts: SourceEntry;
  /** Whether columns of its own give its label or split, as those of a release do. */
  says: { label: boolean; split: boolean };
}

interface FaultyImage {
  line: number;
  problem: string;
  id: unknown;
  /** Annotations that are left out with it. */
  lost: number;
}

/** Columns of images by their use. */
interface Columns {
  read: string[];
  rest: string[];
  says: CocoImage['says'];
}

/** The records of COCO's `images`, sound and faulty ones. */
export class ImageRecords {
  readonly sound: CocoImage[] = [];
  readonly faults: FaultyImage[] = [];
  readonly notes: string[] = [];
  readonly #leave: (column: string) => void;
  readonly #judged: (judgements: number) => void;
  readonly #reader: RowReader;
  readonly #faulty = new Map<string, FaultyImage>();
  #images: CocoImage[] = [];
  #names = '';
  #columns: Columns = { read: [], rest: [], says: { label: false, split: false } };
  #addresses = 0;

  /** `leave` is told of every value in a column that is not read, `judged` of the judgements that a release lists. */
  constructor(file: string, leave: (column: string) => void, judged: (judgements: number) => void) {
    this.#leave = leave;
    this.#judged = judged;
    this.#reader = new RowReader(file);
  }

  add(value: unknown, line: number): void {
    const record = isRecord(value) ? value : {};
    const { id } = record;
    const fault = (problem: string): void => void this.faults.push({ line, problem, id, lost: 0 });
    const written = nameOf(record);
    if (id === undefined || id === null || written === null)
      return fault('an image without `id` or `file_name`.');
    const { read, rest, says } = this.#columnsOf(Object.keys(record));
    let facts;
    try {
      const values = Object.fromEntries(read.map((name) => [name, record[name]]));
      facts = this.#reader.read({ line, values: { ...values, path: written } });
    } catch (error) {
      return fault(faultOf(error).problem);
    }
    const usesAddress = typeof record['file_name'] !== 'string' || record['file_name'] === '';
    if (usesAddress) this.#addresses += 1;
    for (const name of rest) {
      const judgements = name === 'judgements' ? judgementsIn(record[name]) : null;
      if (judgements !== null) this.#judged(judgements);
      else if (!isNothing(record[name]) && !isEcho(name, record) && !(usesAddress && name === 'coco_url'))
        this.#leave(name);
    }
    this.#images.push({ id, written, line, facts: { ...facts, stated: sizeOf(record) }, says });
  }

  /** Sorts out images whose id stands for several names. Returns the place in `sound` of each id. */
  join(): Ids {
    const first = new Map<unknown, CocoImage>();
    const twofold = new Map<unknown, string>();
    for (const image of this.#images) {
      const before = first.get(image.id);
      if (!before) first.set(image.id, image);
      else if (before.written === image.written)
        this.faults.push({ line: image.line, problem: 'the image is listed twice.', id: image.id, lost: 0 });
      else twofold.set(image.id, `the image id stands for ${before.written} and for ${image.written}.`);
    }
    const places = new Ids();
    for (const image of this.#images) {
      const problem = twofold.get(image.id);
      if (problem !== undefined) this.faults.push({ line: image.line, problem, id: image.id, lost: 0 });
      else if (first.get(image.id) === image) places.set(image.id, this.sound.push(image) - 1);
    }
    for (const fault of this.faults) this.#faulty.set(String(fault.id), fault);
    this.#images = [];
    const unnamed = this.#addresses;
    if (unnamed > 0)
      this.notes.push(
        unnamed === 1
          ? '1 image has no `file_name`; the end of its `coco_url` names it.'
          : `${integer(unnamed)} images have no \`file_name\`; the ends of their \`coco_url\` name them.`,
      );
    return places;
  }

  /** Counts an annotation of a faulty image. Returns whether there is such an image. */
  lose(id: unknown): boolean {
    const fault = this.#faulty.get(String(id));
    if (fault) fault.lost += 1;
    return fault !== undefined;
  }

  #columnsOf(names: string[]): Columns {
    const key = names.join('\n');
    if (key === this.#names) return this.#columns;
    const columns = columnsOf(names);
    for (const column of ['path', 'boxes', 'objects'] as const) columns.delete(column);
    // A number of a class says nothing here: the annotations name the categories.
    if (plainName(columns.get('label') ?? '').endsWith('_id')) columns.delete('label');
    const read = [...columns.values()];
    this.#names = key;
    this.#columns = {
      read,
      rest: lostColumns(names, new Set([...read, 'id', 'file_name'])),
      says: { label: columns.has('label'), split: columns.has('split') },
    };
    return this.#columns;
  }
}

/** The name of an image, or null if it has none. Of an address, only the end can lie in a folder. */
function nameOf({ file_name: name, coco_url: address }: Record<string, unknown>): string | null {
  const written = typeof name === 'string' && name !== '' ? name : address;
  if (typeof written !== 'string' || written === '') return null;
  if (!/^https?:\/\//i.test(written)) return written.toWellFormed();
  const path = URL.parse(written)?.pathname ?? '';
  const end = decoded(path).split('/').filter(Boolean).slice(-2).join('/');
  return end === '' ? null : end;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function sizeOf({ width, height }: Record<string, unknown>): SourceEntry['stated'] {
  const [w, h] = [numberOf(width), numberOf(height)];
  return typeof w === 'number' && typeof h === 'number' && w > 0 && h > 0 && Number.isFinite(w + h)
    ? { width: w, height: h }
    : null;
}
