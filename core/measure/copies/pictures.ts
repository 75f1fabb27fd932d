import { coloursOf } from './colours.ts';
import { templatesOf } from './crop-starts.ts';
import { keypointsOf, mirrored } from './keypoints.ts';
import { plateOf } from './plate.ts';
import type { Recent } from './recent.ts';
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

/** Pictures ready to be registered, 80 kB each; null where one cannot be read. */
export type Pictures = Recent<Registrable | null>;
