import { EXPORTED_FIELDS, keyOf } from '../../../rpc/contract/fields.ts';
import { AssayError } from '../../../rpc/errors.ts';
import type { ExportItem, ExportJob } from './define.ts';

/** The columns that table formats write, in this order, with their values; `path` is below the manifest's folder. */
export function toRecord(item: ExportItem, path: string): Record<string, string | number | null> {
  return {
    path,
    file_name: item.fileName,
    sha256: item.sha256,
    ...factsOf(item),
    original_path: item.originalPath,
    format: item.format,
    bytes: item.bytes,
    width: item.width,
    height: item.height,
  };
}

/** All that is known of an image beside its file: label and how it came to be, origin, generation. */
export function factsOf(item: ExportItem): Record<string, string | number | null> {
  return {
    label: item.label,
    given_label: item.givenLabel,
    origin: item.origin,
    reviewer: item.reviewer,
    decided_at: item.decidedAt,
    role: item.role,
    batch: item.batch,
    ...Object.fromEntries(EXPORTED_FIELDS.map((id) => [keyOf(id), item[id]])),
  };
}

/** Where an image lies below the export's folder, in the formats that keep all of them together. */
export function imagePath(item: ExportItem): string {
  return `images/${item.fileName}`;
}

const AT_ONCE = 8;

/** Throws `CANCELLED` once the signal has aborted. */
export function checkpoint(signal: AbortSignal): void {
  if (signal.aborted)
    throw new AssayError('CANCELLED', 'The export was cancelled. Nothing was written to its folder.');
}

/** The items of one split, in their order; stops by throwing `CANCELLED`. */
export function* itemsOf(job: ExportJob, split: string | null): Generator<ExportItem> {
  for (const item of job.items) {
    checkpoint(job.signal);
    if (item.split === split) yield item;
  }
}

/** Copies every original to the path that is given for it, several at once since each copy waits for the disk. */
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

/** Formats that write a folder for each split refuse more. */
export const MAX_SPLITS = 100;

/** What must be known of all items before the first file is written. */
export interface Survey {
  /** The project's classes in its order, then labels of images and boxes outside of them, sorted. */
  classes: string[];
  /** Sorted; null, where it occurs, first. */
  splits: (string | null)[];
  hasBoxes: boolean;
  /** `name version` of the generators that are named, sorted. */
  generators: string[];
  batches: string[];
}

/**
 * Collects it item by item. `add` throws `EXPORT_REFUSED` where there are more than 100 splits: formats write a folder
 * for each.
 */
export class ItemSurvey {
  readonly #classes: string[];
  readonly #labels = new Set<string>();
  readonly #splits = new Set<string | null>();
  readonly #generators = new Set<string>();
  readonly #batches = new Set<string>();
  #hasBoxes = false;

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
    if (item.boxes) this.#hasBoxes = true;
    for (const box of item.boxes ?? []) this.#labels.add(box.label);
    if (this.#splits.size > MAX_SPLITS) {
      throw new AssayError(
        'EXPORT_REFUSED',
        `The release has more than ${MAX_SPLITS} different splits, and this format writes a folder for each. Export as jsonl, or correct the splits.`,
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
    };
  }
}

/** One pass over the items, before the first file is written. Throws what `ItemSurvey` throws. */
export function survey(job: ExportJob): Survey {
  const found = new ItemSurvey(job.classes);
  for (const item of job.items) {
    checkpoint(job.signal);
    found.add(item);
  }
  return found.result();
}
