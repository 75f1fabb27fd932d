import { AssayError } from '../../rpc/errors.ts';
import { checkpoint } from './progress.ts';
import type { ExportJob } from './define.ts';

const MAX_SPLITS = 100;

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

/** One pass over the items. Throws `EXPORT_REFUSED` where there are more than 100 splits: formats write a folder for each. */
export function survey(job: ExportJob): Survey {
  const [labels, splits] = [new Set<string>(), new Set<string | null>()];
  const [generators, batches] = [new Set<string>(), new Set<string>()];
  let hasBoxes = false;
  for (const item of job.items) {
    checkpoint(job.signal);
    if (item.label !== null) labels.add(item.label);
    splits.add(item.split);
    batches.add(item.batch);
    if (item.generator !== null)
      generators.add([item.generator, item.generatorVersion ?? ''].join(' ').trim());
    if (item.boxes) hasBoxes = true;
    for (const box of item.boxes ?? []) labels.add(box.label);
    if (splits.size > MAX_SPLITS) {
      throw new AssayError(
        'EXPORT_REFUSED',
        `The release has more than ${MAX_SPLITS} different splits, and this format writes a folder for each. Export as jsonl, or correct the splits.`,
      );
    }
  }
  const others = [...labels].filter((label) => !job.classes.includes(label)).sort();
  return {
    classes: [...job.classes, ...others],
    splits: [...splits].sort((a, b) => (a === b ? 0 : a === null || (b !== null && a < b) ? -1 : 1)),
    hasBoxes,
    generators: [...generators].sort(),
    batches: [...batches].sort(),
  };
}
