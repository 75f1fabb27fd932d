import { EXPORTED_FIELDS, FIELDS, keyOf } from '../../../rpc/contract/fields.ts';
import { AssayError } from '../../../rpc/errors.ts';
import type { ExportItem, ExportJob } from './define.ts';

type Value = string | number | null;

/** A column of table formats: its type wherever it has one, and its value, which may be null in any type. */
export interface Column {
  type: 'string' | 'int32' | 'int64';
  of: (item: ExportItem) => Value;
}

/** Everything known of an image apart from its file, in order: label and its origin, batch, fields. */
export const FACTS: Readonly<Record<string, Column>> = {
  label: { type: 'string', of: ({ label }) => label },
  given_label: { type: 'string', of: ({ givenLabel }) => givenLabel },
  origin: { type: 'string', of: ({ origin }) => origin },
  reviewer: { type: 'string', of: ({ reviewer }) => reviewer },
  decided_at: { type: 'string', of: ({ decidedAt }) => decidedAt },
  settled: { type: 'string', of: ({ settled }) => settled },
  adjudicator: { type: 'string', of: ({ adjudicator }) => adjudicator },
  grid: { type: 'int32', of: ({ grid }) => grid },
  // JSON text, since the type of a list of nothing depends on the reader.
  judgements: { type: 'string', of: ({ judgements }) => JSON.stringify(judgements) },
  // JSON text as well: its values are as many as people's answers differ.
  label_distribution: {
    type: 'string',
    of: ({ distribution }) => distribution && JSON.stringify(distribution),
  },
  annotators: { type: 'int32', of: ({ annotators }) => annotators },
  // JSON text too, since a tag may hold any separator; null for none.
  tags: { type: 'string', of: ({ tags }) => (tags.length > 0 ? JSON.stringify(tags) : null) },
  role: { type: 'string', of: ({ role }) => role },
  batch: { type: 'string', of: ({ batch }) => batch },
  given_split: { type: 'string', of: ({ givenSplit }) => givenSplit },
  ...Object.fromEntries(
    EXPORTED_FIELDS.map((id): [string, Column] => [
      keyOf(id),
      { type: FIELDS[id].kind === 'integer' ? 'int32' : 'string', of: (item) => item[id] },
    ]),
  ),
};

/** The file of an image: where it came from and what it is. */
export const FILE_FACTS: Readonly<Record<string, Column>> = {
  original_path: { type: 'string', of: ({ originalPath }) => originalPath },
  format: { type: 'string', of: ({ format }) => format },
  bytes: { type: 'int64', of: ({ bytes }) => bytes },
  width: { type: 'int32', of: ({ width }) => width },
  height: { type: 'int32', of: ({ height }) => height },
};

/** The values of an item in these columns. */
export function valuesIn(columns: Readonly<Record<string, Column>>, item: ExportItem): Record<string, Value> {
  return Object.fromEntries(Object.entries(columns).map(([name, { of }]) => [name, of(item)]));
}

/** The columns of table formats, in order; `path` is relative to the manifest's folder. */
export function toRecord(item: ExportItem, path: string): Record<string, Value> {
  const { fileName: file_name, sha256 } = item;
  return { path, file_name, sha256, ...factsOf(item), ...valuesIn(FILE_FACTS, item) };
}

/** Everything known of an image apart from its file. */
export function factsOf(item: ExportItem): Record<string, Value> {
  return valuesIn(FACTS, item);
}

/** The path of an image in formats that keep all images in one folder. */
export function imagePath(item: ExportItem): string {
  return `images/${item.fileName}`;
}

const AT_ONCE = 8;

/** Throws `CANCELLED` once the signal has aborted. */
export function checkpoint(signal: AbortSignal): void {
  if (signal.aborted)
    throw new AssayError('CANCELLED', 'The export was cancelled. Nothing was written to its folder.');
}

/** The items that fit, in order. Throws `CANCELLED` once the signal has aborted. */
export function* itemsWhere(job: ExportJob, fits: (item: ExportItem) => boolean): Generator<ExportItem> {
  for (const item of job.items) {
    checkpoint(job.signal);
    if (fits(item)) yield item;
  }
}

/** The items of one split, in order. Throws `CANCELLED` once the signal has aborted. */
export function itemsOf(job: ExportJob, split: string | null): Generator<ExportItem> {
  return itemsWhere(job, (item) => item.split === split);
}

/** Copies every original to `pathOf(item)`, several at once since each copy waits for the disk. */
export async function copyImages(
  job: ExportJob,
  pathOf: (item: ExportItem) => string,
  alongside?: (item: ExportItem) => Promise<void>,
): Promise<void> {
  let done = 0;
  const copy = async (batch: ExportItem[]): Promise<void> => {
    checkpoint(job.signal);
    const copies = batch.map(async (item) => {
      await job.output.copyOriginal(item, pathOf(item));
      await alongside?.(item);
    });
    const failed = (await Promise.allSettled(copies)).find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    done += batch.length;
    job.progress({ stage: 'copying images', done, total: job.count, unit: 'images' });
  };
  let batch: ExportItem[] = [];
  for (const item of job.items) {
    batch.push(item);
    if (batch.length < AT_ONCE) continue;
    await copy(batch);
    batch = [];
  }
  await copy(batch);
}

/** Formats that write a folder per split refuse more. */
export const MAX_SPLITS = 100;

/** What a format needs to know of all items before it writes the first file. */
export interface Survey {
  /** The project's classes in its order, then other labels of images and boxes, sorted. */
  classes: string[];
  /** Sorted; null first, if it occurs. */
  splits: (string | null)[];
  hasBoxes: boolean;
  /** `name version` of each generator, sorted. */
  generators: string[];
  batches: string[];
  /** Numbers of images: by role, without a label, and in which nobody looked for boxes. */
  roles: Record<ExportItem['role'], number>;
  unlabelled: number;
  unchecked: number;
  /** Numbers of images by how many judgements of people they have, ascending. */
  judged: [judgements: number, images: number][];
}

/** Builds a survey item by item. `add` throws `EXPORT_REFUSED` above 100 splits, since formats write a folder per split. */
export class ItemSurvey {
  readonly #classes: string[];
  readonly #labels = new Set<string>();
  readonly #splits = new Set<string | null>();
  readonly #generators = new Set<string>();
  readonly #batches = new Set<string>();
  readonly #roles = { real: 0, synthetic: 0, holdout: 0 };
  readonly #judged = new Map<number, number>();
  #hasBoxes = false;
  #unlabelled = 0;
  #unchecked = 0;

  /** `classes`: the project's, in its order. */
  constructor(classes: string[]) {
    this.#classes = classes;
  }

  add(item: ExportItem): void {
    if (item.label !== null) this.#labels.add(item.label);
    this.#splits.add(item.split);
    this.#batches.add(item.batch);
    if (item.generator !== null)
      this.#generators.add([item.generator, item.generatorVersion ?? ''].join(' ').trim());
    this.#roles[item.role] += 1;
    const judgements = item.judgements.length;
    this.#judged.set(judgements, (this.#judged.get(judgements) ?? 0) + 1);
    if (item.label === null) this.#unlabelled += 1;
    if (item.boxes) this.#hasBoxes = true;
    else this.#unchecked += 1;
    for (const box of item.boxes ?? []) this.#labels.add(box.label);
    if (this.#splits.size > MAX_SPLITS) {
      throw new AssayError(
        'EXPORT_REFUSED',
        `The release has more than ${MAX_SPLITS} different splits, and this format writes a folder for each. Export as jsonl, or reduce the splits.`,
      );
    }
  }

  result(): Survey {
    const others = [...this.#labels].filter((label) => !this.#classes.includes(label)).sort();
    return {
      classes: [...this.#classes, ...others],
      splits: [...this.#splits].sort((a, b) => (a === b ? 0 : a === null || (b !== null && a < b) ? -1 : 1)),
      hasBoxes: this.#hasBoxes,
      generators: [...this.#generators].sort(),
      batches: [...this.#batches].sort(),
      roles: { ...this.#roles },
      unlabelled: this.#unlabelled,
      unchecked: this.#unchecked,
      judged: [...this.#judged].sort(([a], [b]) => a - b),
    };
  }
}

/** Surveys all items. Throws what `ItemSurvey` throws, and `CANCELLED`. */
export function survey(job: ExportJob): Survey {
  const found = new ItemSurvey(job.classes);
  for (const item of job.items) {
    checkpoint(job.signal);
    found.add(item);
  }
  return found.result();
}
