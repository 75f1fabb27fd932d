import { averageArea } from './area.ts';
import type { Picture } from './canvas.ts';
import { families } from './faults/index.ts';
import { Random } from './random.ts';

/** A fault that is put into a picture on its way from the file to what measures it. The file stays as it is. */
export interface Spoiling {
  /** Id of a family (imaging/faults/). */
  family: string;
  /** From 0, the faintest of the family, to 1. */
  strength: number;
  /** Identifies the random numbers: the same key gives the same fault. */
  key: string;
  /** The file of another picture, for families that take a part of one. */
  other: { root: string; path: string } | null;
}

/** Larger pictures are shrunk to this side first: faults are drawn pixel by pixel, and models see fewer pixels than this. */
const MOST_SIDE = 384;

/** A copy of a picture with a fault in it. Throws `INVALID_INPUT` where the family needs another picture. */
export async function spoilt(
  picture: Picture,
  { family: id, key, strength }: Spoiling,
  other: Picture | null,
) {
  const family = families.get(id);
  if (!family) throw new RangeError(`imaging/faults/ has no family "${id}"`);
  const faulty = await family.apply(
    shrunk(picture),
    new Random(key),
    strength,
    other ? shrunk(other) : undefined,
  );
  return faulty.picture;
}

function shrunk(picture: Picture): Picture {
  const { rgb, width, height } = picture;
  const factor = MOST_SIDE / Math.max(width, height);
  if (factor >= 1) return picture;
  const size = {
    width: Math.max(1, Math.round(width * factor)),
    height: Math.max(1, Math.round(height * factor)),
  };
  return { ...size, rgb: averageArea(rgb, width, height, size.width, size.height) };
}
