import { counted } from '../../../rpc/format.ts';
import type { LeftKind } from '../../../rpc/contract/imports.ts';
import type { Box } from '../../base/boxes.ts';
import { detailText, type Detail } from '../../base/detail.ts';
import { cleanName } from '../../base/class-name.ts';
import { isOfObject, readAnnotation, type Counts } from './coco-annotation.ts';
import { AnnotationTable, Ids, Interned, type Groups, type Row } from './coco-columns.ts';
import { ImageRecords, type CocoImage } from './coco-image.ts';
import { arrayElements, type JsonElement } from './json-elements.ts';
import { isNothing, isRecord } from './untrusted.ts';

/** A record that is left out. */
export interface Fault {
  line: number;
  problem: string;
  id?: string | number;
}

/** An import stops long before so many; more are not kept. */
const MOST_FAULTS = 2000;
const ARRAYS = new Set(['images', 'annotations', 'categories']);

/** Columns of categories that are read. */
const CATEGORY = new Set(['id', 'name']);

/** Things of one kind that a file has and nobody takes over. */
export type Left = { kind: LeftKind; name: string; count: number };

/**
 * Reads a whole COCO file. Throws `SOURCE_UNREADABLE` with the line where it is not JSON; faulty records are in
 * `faults`. Holds names and annotations in memory, the boxes as plain numbers and what they have besides as bytes.
 * `encoding` is that which a person named.
 */
export async function readCoco(file: string, encoding: string | null): Promise<CocoFile> {
  const coco = new CocoFile(file);
  for await (const elements of arrayElements(file, ARRAYS, { seen: coco.seen, encoding }))
    for (const element of elements) coco.take(element);
  coco.finish();
  return coco;
}

export class CocoFile {
  readonly file: string;
  /** Class names, in the file's order. */
  readonly classes: string[] = [];
  /** Those of the arrays images, annotations, categories that the file has, empty ones too. */
  readonly seen = new Set<string>();
  readonly faults: Fault[] = [];
  readonly left = new Map<string, Left>();
  /** Sentences on what is read otherwise than it is written. */
  readonly notes: string[] = [];
  /** Annotations that give an image a class. */
  annotations = 0;
  boxes = 0;

  readonly #images: ImageRecords;
  readonly #table = new AnnotationTable();
  readonly #categories = new Ids();
  /** Places of classes by name. */
  readonly #places = new Map<string, number>();
  readonly #refs = { image: new Interned(), category: new Interned() };
  readonly #counts: Counts = {
    leave: (kind, name = '', count = 1) => this.leave(kind, name, count),
    kept: { polygon: 0, mask: 0, keypoints: 0 },
    odd: { boxFromShape: 0, textNumbers: 0 },
    keypointLists: 0,
  };
  #labels: Int32Array = new Int32Array();
  #rows: Groups = { starts: new Int32Array(1), order: new Int32Array() };
  #noNumbers = 0;
  /** Images with annotations that give no box, by the number of their id, later by their place. */
  #unread = { faulty: new Set<number>(), others: new Set<number>() };

  constructor(file: string) {
    this.file = file;
    this.#images = new ImageRecords(
      file,
      (name) => this.leave('column', name, 1),
      (count) => this.leave('judgement', '', count),
    );
  }

  get images(): readonly CocoImage[] {
    return this.#images.sound;
  }

  /** Whether keypoints are what it is about: every annotation has a list of them, if only of zeros. */
  get isKeypoints(): boolean {
    return this.annotations > 0 && this.#counts.keypointLists >= this.annotations;
  }

  leave(kind: LeftKind, name: string, count: number): void {
    const key = `${kind}\n${name}`;
    const found = this.left.get(key);
    if (found) found.count += count;
    else this.left.set(key, { kind, name, count });
  }

  countOf(kind: LeftKind): number {
    return this.left.get(`${kind}\n`)?.count ?? 0;
  }

  /** How many objects have a shape or keypoints that would be taken over with them. */
  get kept(): Readonly<Counts['kept']> {
    return this.#counts.kept;
  }

  /** The boxes of an image, in file order. */
  boxesOf(image: number): Box[] {
    return this.#rowsOf(image).flatMap(({ box, category, detail }): Box[] => {
      if (Number.isNaN(box[0])) return [];
      const found: Box = { label: this.#label(category), format: 'xywh-pixel', values: [...box] };
      return [detail === null ? found : { ...found, detail: JSON.parse(detail) as Detail }];
    });
  }

  /** Whether an image has objects whose annotations are faulty, or of kinds that give no box. */
  unreadOf(image: number): { faulty: boolean; others: boolean } {
    return { faulty: this.#unread.faulty.has(image), others: this.#unread.others.has(image) };
  }

  /** The classes of an image as a whole, without repeats. */
  labelsOf(image: number): string[] {
    const whole = this.#rowsOf(image).filter(({ box }) => Number.isNaN(box[0]));
    return [
      ...new Map(
        whole.map(({ category }) => [cleanName(this.#label(category)), this.#label(category)]),
      ).values(),
    ];
  }

  /** Leaves an image out, with all that is said of it. */
  drop(image: number, problem: string): void {
    const { line, id } = this.images[image]!;
    const lost = this.#rows.starts[image + 1]! - this.#rows.starts[image]!;
    this.#fault(line, withLost(problem, lost), id);
  }

  take({ key, value, line, noNumbers }: JsonElement): void {
    this.#noNumbers += noNumbers;
    if (key === 'images') this.#images.add(value, line);
    else if (key === 'categories') this.#category(value, line);
    else this.#annotation(value, line);
  }

  /** Joins what was read. To be called once, at the file's end. */
  finish(): void {
    const images = this.#images.join();
    this.#labels = Int32Array.from(this.#refs.category.ids, (id) => this.#categories.find(id) ?? -1);
    const imageOf = Int32Array.from(this.#refs.image.ids, (id) => images.find(id) ?? -1);
    const placesOf = (refs: Set<number>): Set<number> => new Set([...refs].map((ref) => imageOf[ref]!));
    this.#unread = { faulty: placesOf(this.#unread.faulty), others: placesOf(this.#unread.others) };
    const declared = this.classes.length > 0;
    this.#rows = this.#table.grouped(this.images.length, (row) => {
      const [image, category] = [this.#refs.image.ids[row.image], this.#refs.category.ids[row.category]];
      if (imageOf[row.image]! < 0) {
        if (!this.#images.lose(image))
          this.#faultOf(row, `the annotation refers to image ${shown(image)}, which is not listed.`);
        return -1;
      }
      if (declared && this.#labels[row.category]! < 0) {
        this.#faultOf(row, `the annotation refers to category ${shown(category)}, which is not listed.`);
        if (!Number.isNaN(row.box[0])) this.#unread.faulty.add(imageOf[row.image]!);
        return -1;
      }
      this.annotations += 1;
      if (!Number.isNaN(row.box[0])) this.boxes += 1;
      return imageOf[row.image]!;
    });
    for (const { line, problem, lost, id } of this.#images.faults)
      this.#fault(line, withLost(problem, lost), id);
    this.#note(images.mixed || this.#categories.mixed);
  }

  #rowsOf(image: number): Row[] {
    const { starts, order } = this.#rows;
    return Array.from(order.subarray(starts[image], starts[image + 1]), (at) => this.#table.row(at));
  }

  #label(category: number): string {
    return this.classes[this.#labels[category]!]!;
  }

  #fault(line: number, problem: string, id: unknown): void {
    if (this.faults.length >= MOST_FAULTS) return;
    const named = typeof id === 'string' || typeof id === 'number';
    this.faults.push({ line, problem, ...(named && { id }) });
  }

  #faultOf({ line, id }: Row, problem: string): void {
    this.#fault(line, problem, Number.isNaN(id) ? undefined : id);
  }

  #annotation(value: unknown, line: number): void {
    const said = readAnnotation(value, this.#counts);
    const isRead = said !== null && typeof said !== 'string';
    if (!isRead && isOfObject(value) && value['image_id'] != null)
      this.#unread[said === null ? 'others' : 'faulty'].add(this.#refs.image.of(value['image_id']));
    if (said === null) return;
    const id = isRecord(value) ? value['id'] : undefined;
    if (typeof said === 'string') return this.#fault(line, said, id);
    this.#table.add({
      image: this.#refs.image.of(said.image),
      category: this.#refs.category.of(said.category),
      line,
      id: typeof id === 'number' ? id : NaN,
      box: said.values ?? [NaN, NaN, NaN, NaN],
      detail: detailText(said.detail) ?? null,
    });
  }

  #category(value: unknown, line: number): void {
    const record = isRecord(value) ? value : {};
    const { id } = record;
    const label = categoryName(record);
    if (id === undefined || id === null || label === null)
      return this.#fault(line, 'a category without `id` or `name`.', id);
    const known = this.#places.get(label) ?? -1;
    const before = this.#categories.exact(id);
    if (before !== undefined && before !== known)
      return this.#fault(line, `the category id ${shown(id)} stands for two names.`, id);
    if (known >= 0 && before === undefined)
      this.notes.push(`Several categories are called ${shown(label)}; they were read as one class.`);
    const place = known < 0 ? this.classes.push(label) - 1 : known;
    this.#places.set(label, place);
    this.#categories.set(id, place);
    for (const [column, one] of Object.entries(record)) {
      if (CATEGORY.has(column) || isNothing(one)) continue;
      // Writers that have no groups of classes write this, or repeat the name.
      if (column === 'supercategory' && (one === 'none' || one === label)) continue;
      this.leave('column', column, 1);
    }
  }

  #note(mixedIds: boolean): void {
    const { boxFromShape, textNumbers } = this.#counts.odd;
    if (boxFromShape > 0)
      this.notes.push(
        `${counted(boxFromShape, 'annotation has', 'annotations have')} a shape and no \`bbox\`; the box around the shape was taken.`,
      );
    if (textNumbers > 0)
      this.notes.push(
        `${counted(textNumbers, 'box is', 'boxes are')} written as text; its numbers were read.`,
      );
    if (this.#noNumbers > 0)
      this.notes.push(
        `${counted(this.#noNumbers, 'value is', 'values are')} NaN or Infinity, which JSON does not have; read as missing.`,
      );
    if (mixedIds)
      this.notes.push('Ids are text in some places and numbers in others; 1 and "1" were read as the same.');
    this.notes.push(...this.#images.notes);
  }
}

/** The name of a record of `categories`, exactly as it is written; null if it has none. */
export function categoryName({ name }: Record<string, unknown>): string | null {
  if (typeof name === 'number') return String(name);
  return typeof name === 'string' && name !== '' ? name.toWellFormed() : null;
}

function withLost(problem: string, lost: number): string {
  if (lost === 0) return problem;
  const what = lost === 1 ? 'its annotation is' : `its ${lost} annotations are`;
  return `${problem.replace(/\.$/, '')}; ${what} left out with it.`;
}

function shown(id: unknown): string {
  return typeof id === 'string' ? JSON.stringify(id) : String(id);
}
