import { isSplitName } from '../../base/splits.ts';

/** The first word of a file name that names a split (`train` in `instances_train2017.json`), or null. */
export function splitInFileName(name: string): string | null {
  return name.split(/[^a-zA-Z]+/).find(isSplitName) ?? null;
}

/** The first folder of a path that names a split, spelt as in the path, or null. */
export function splitInPath(path: string): string | null {
  return path.split('/').slice(0, -1).find(isSplitName) ?? null;
}
