import type { Reading } from './reading.ts';
import { SETS, type SetName } from './sets.ts';
import type { Truth } from './truth.ts';

/** A library that people read a release format with, and what it should say of a release. */
export interface Judge {
  format: string;
  /** `read_<reader>.py` calls it. */
  reader: string;
  /** The sets that it reads releases of; where it is absent all that have labels. */
  sets?: readonly SetName[];
  /** The number of images, as Python, once the lines of the release's README were run. */
  count?: string;
  /** What that number is where it is not that of all images. */
  counted?(truth: Truth): number;
  /** Set if the format refuses the hold-out. */
  withoutHoldout?: true;
  expected(truth: Truth): Reading;
  /** Each spoils a copy of the release of a set in a way that the suite must notice. */
  faults: { of: SetName; plant: Record<string, (folder: string) => void | Promise<void>> };
}

export const ALL_SETS = Object.keys(SETS) as SetName[];
