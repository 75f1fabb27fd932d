import { quantileSorted } from '../../base/numeric/percentile.ts';
import { BOX_FAULTS } from './faulty-boxes.ts';
import { overlap, type ImageObjects, type PixelBox } from './objects.ts';

/** What speaks for or against an object. */
interface Evidence {
  /** Log odds of its class against the likeliest other one; of a misplaced box, and of one around nothing, against both. */
  margin: number;
  misplaced: number;
  phantom: number;
  /** Robust distances from the class in the real seed: log area, log aspect ratio, height in the picture. */
  size: number;
  aspect: number;
  height: number;
  /** Greatest intersection over union with another object of its class, and of another class: -log(1.02 - IoU). */
  twin: number;
  rival: number;
  /** Log of 1.02 minus the intersection over union of the box and its own outline's. */
  misfit: number;
}

/** Chances below this are not told apart. */
const LEAST = 1e-5;
/** A box that is this much unlike its outline's is as good as one that is not. */
const LEAST_MISFIT = 0.02;
/** Robust distances are cut off here. */
const FARTHEST = 8;
/** With fewer real objects nothing is known of a class's boxes. */
const FEWEST = 8;
/** Interquartile range of a normal distribution, in standard deviations. */
const QUARTILES_APART = 1.349;

/** Median and robust spread of what is measured of a class's boxes. */
interface Usual {
  median: number;
  spread: number;
}

/** What is usual of boxes, by class; null where there are too few. */
export type UsualBoxes = (readonly Usual[] | null)[];

/** Log area as a share of the picture, log aspect ratio, and the middle's height in the picture. */
function measuresOf([, y, w, h]: PixelBox, { width, height }: Pick<ImageObjects, 'width' | 'height'>) {
  return [
    Math.log(Math.max(w * h, 1) / (width * height)),
    Math.log(Math.max(w, 1) / Math.max(h, 1)),
    (y + h / 2) / height,
  ];
}

/** Smallest spreads that are believed: of logs a tenth, of the height a fiftieth of the picture. */
const STEPS = [0.1, 0.1, 0.02];

/** What is usual of the boxes of some images, by class. */
export function usualBoxes(images: readonly ImageObjects[], classes: number): UsualBoxes {
  const values = Array.from({ length: classes }, (): number[][] => STEPS.map(() => []));
  for (const image of images)
    for (const { label, box } of image.objects)
      for (const [m, value] of measuresOf(box, image).entries()) values[label]![m]!.push(value);
  return values.map((own) =>
    own[0]!.length < FEWEST
      ? null
      : own.map((column, m) => {
          const ascending = Float64Array.from(column).sort();
          const apart = quantileSorted(ascending, 0.75) - quantileSorted(ascending, 0.25);
          return {
            median: quantileSorted(ascending, 0.5),
            spread: Math.max(apart / QUARTILES_APART, STEPS[m]!),
          };
        }),
  );
}

/** An object as it is judged: where its box is, of which class it is said to be, and what its crop looks like. */
export interface Judged {
  box: PixelBox;
  label: number;
  outline: PixelBox | null;
  /** Chances of the classes, then of a misplaced box and of one around nothing. */
  chances: ArrayLike<number>;
}

/**
 * The evidence on one object. `others` are the other objects of its image.
 */
export function evidenceOf(
  { box, label, outline, chances }: Judged,
  image: Pick<ImageObjects, 'width' | 'height'>,
  others: readonly { box: PixelBox; label: number }[],
  usual: UsualBoxes,
): Evidence {
  const classes = chances.length - BOX_FAULTS.length;
  const log = (k: number): number => Math.log(Math.max(chances[k]!, LEAST));
  let rival = -Infinity;
  for (let k = 0; k < classes; k++) if (k !== label) rival = Math.max(rival, log(k));
  const own = Math.max(log(label), rival);
  const known = usual[label];
  const [size, aspect, height] = measuresOf(box, image).map((value, m) => {
    if (!known) return 0;
    return Math.min(FARTHEST, Math.abs(value - known[m]!.median) / known[m]!.spread);
  });
  let [twin, other] = [0, 0];
  for (const near of others) {
    const shared = overlap(box, near.box);
    if (near.label === label) twin = Math.max(twin, shared);
    else other = Math.max(other, shared);
  }
  return {
    margin: rival === -Infinity ? 0 : log(label) - rival,
    misplaced: log(classes) - own,
    phantom: log(classes + 1) - own,
    size: size!,
    aspect: aspect!,
    height: height!,
    twin: crowding(twin),
    rival: crowding(other),
    misfit: Math.log(LEAST_MISFIT + (outline ? 1 - overlap(box, outline) : 0)),
  };
}

/** An intersection over union, stretched towards 1, where it tells a second box from a neighbour. */
const crowding = (shared: number): number => -Math.log(1 + LEAST_MISFIT - shared);
