import type { Picture } from '../canvas.ts';
import type { Random } from '../random.ts';

/** A picture with a fault in it, and everything that is known about the fault. */
export interface Faulty {
  picture: Picture;
  /** Row-major, width x height: 1 where a byte of the pixel changed, else 0. Null where the fault has no place. */
  mask: Uint8Array | null;
  /** What was done, with its parameters: "rotated by 5°, cut to the inner rectangle". */
  what: string;
}

/** One way in which a picture is spoilt or copied. */
export interface FaultFamily {
  id: string;
  /** `structure` and `text` have a place, and so a mask. A `copy` still shows the same picture. */
  group: 'pixels' | 'structure' | 'text' | 'copy';
  title: string;
  /** The result may have another width and height. */
  changesSize?: boolean;
  /** `apply` needs `other`, and throws `INVALID_INPUT` without it. */
  needsOther?: boolean;
  /**
   * Returns a changed copy. `strength` runs from 0, the faintest of the family, to 1, the worst; a picture without
   * anything in it (one flat colour) may come back as it was. The same arguments give the same bytes, and the random
   * numbers alone decide what the strength leaves open. `other` is a picture of something else, of any size.
   */
  apply(picture: Picture, random: Random, strength: number, other?: Picture): Faulty | Promise<Faulty>;
}
