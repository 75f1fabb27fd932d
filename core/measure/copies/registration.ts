import type { Colours } from './colours.ts';
import { cropStarts, type Templates } from './crop-starts.ts';
import type { Keypoints } from './keypoints.ts';
import { refine } from './least-squares.ts';
import { proposals } from './keypoint-votes.ts';
import { correlation, type Found, type Placement } from './placement.ts';
import { plainStarts } from './plain-starts.ts';
import { HALF, QUARTER, WHOLE, type Plate } from './plate.ts';

/** A picture that can be registered. */
export interface Registrable {
  plate: Plate;
  keypoints: Keypoints;
  /** Those of its mirror image. */
  inMirror: Keypoints;
  /** Itself at the sizes that a crop may have. */
  templates: Templates;
  colours: Colours;
}

/** Starts that are refined at the coarsest scale, and those of them that are looked at further. */
const REFINED = 3;
const KEPT = 2;

/**
 * Starts of a registration: the placements under which a copy, at a quarter of its plate, agrees best with an original
 * as it is, the best first. They are the eight ways to turn and mirror a picture, whole, as a crop and with a border; what
 * keypoints propose; and where an upright crop fits best.
 */
export function startsOf(copy: Registrable, original: Registrable): Found[] {
  const starts = [
    ...plainStarts(copy.plate[WHOLE], original.plate[WHOLE]),
    ...proposals(copy.keypoints, copy.inMirror, original.keypoints),
    ...cropStarts(copy.templates, copy.plate, original.plate).map(({ placement }) => placement),
  ];
  return bestOf(
    starts.map((placement) => ({
      placement,
      fit: correlation(copy.plate, original.plate, QUARTER, placement, 2),
    })),
    REFINED,
  );
}

/** The starts refined at a quarter of the plates, the best ones of them. */
export function coarseFits(copy: Registrable, original: Registrable, starts: Found[]): Found[] {
  return bestOf(
    starts.map(({ placement }) => refined(copy, original, QUARTER, placement)),
    KEPT,
  );
}

/**
 * The similarity transform, mirrored or not, that lays a copy over an original: coarse placements are refined from scale
 * to scale by least squares on the pixels (Lucas and Kanade 1981), robustly, since writing may cover a part.
 */
export function fineFit(copy: Registrable, original: Registrable, coarse: Found[]): Found | null {
  const [half] = bestOf(
    coarse.map(({ placement }) => refined(copy, original, HALF, placement)),
    1,
  );
  return half && half.fit > 0 ? refined(copy, original, WHOLE, half.placement) : null;
}

const bestOf = (found: Found[], count: number): Found[] =>
  found.sort((x, y) => y.fit - x.fit).slice(0, count);

function refined(copy: Registrable, original: Registrable, level: number, start: Placement): Found {
  const placement = refine(copy.plate, original.plate, level, start);
  return {
    placement,
    fit: correlation(copy.plate, original.plate, level, placement, level === WHOLE ? 2 : 1),
  };
}
