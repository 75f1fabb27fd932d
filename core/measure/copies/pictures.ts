import { coloursOf } from './colours.ts';
import { templatesOf } from './crop-starts.ts';
import { keypointsOf, mirrored } from './keypoints.ts';
import { plateOf } from './plate.ts';
import { Recent } from './recent.ts';
import type { Registrable } from './registration.ts';

/** A small picture as it was decoded: RGB bytes, row-major, of `plateSize`. */
export interface Small {
  width: number;
  height: number;
  rgb: Uint8Array;
}

/** What registration reads of a small picture. */
export function registrable({ width, height, rgb }: Small): Registrable {
  const plate = plateOf(rgb, width, height);
  const keypoints = keypointsOf(plate);
  return {
    plate,
    keypoints,
    inMirror: mirrored(keypoints),
    templates: templatesOf(plate),
    colours: coloursOf(rgb, width, height),
  };
}

/** Pictures ready to be registered, 70 kB each; null where one cannot be read. */
export type Pictures = Recent<Registrable | null>;

/** `read` gives the small picture of an image, or null where it cannot be read; `most` are kept ready. */
export function picturesOf(read: (id: number) => Promise<Small | null>, most: number): Pictures {
  return new Recent(async (id) => {
    const small = await read(id);
    return small && registrable(small);
  }, most);
}
