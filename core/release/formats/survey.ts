import { AssayError } from '../../../rpc/errors.ts';
import { checkpoint } from './progress.ts';
import type { ExportItem, ExportJob } from './define.ts';

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
