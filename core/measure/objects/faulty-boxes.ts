import type { Random } from '../../base/numeric/random.ts';
import { overlap, type ImageObjects, type PixelBox } from './objects.ts';

/** What is put into boxes to learn how it looks, in the order in which the label model numbers it behind the classes. */
export const BOX_FAULTS = ['misplaced', 'phantom'] as const;
export type BoxFault = (typeof BOX_FAULTS)[number];

/** Tries at a place for a box. */
const TRIES = 40;
/** A smaller box shows nothing, in pixels. */
const SMALLEST_SIDE = 4;
/** A place that shares less than this of itself with the objects of the image shows none of them. */
const EMPTY = 0.1;

/**
 * A box that misses its object: moved by 0.3 to 0.8 of its size, or of 0.35 to 0.65 or 1.6 to 2.6 times its sides, cut
 * off at the frame. Null where no such box fits the picture, or it lies on another object of the class as it should.
 */
export function misplacedBox(
  { width, height, objects }: ImageObjects,
  object: number,
  random: Random,
): PixelBox | null {
  const { box, label } = objects[object]!;
  const [x, y, w, h] = box;
  for (let tries = 0; tries < TRIES; tries++) {
    const made = random() < 0.5 ? moved(box, random) : resized([x, y, w, h], random);
    const inside = clipped(made, width, height);
    if (!inside) continue;
    const fits = objects.some((other) => other.label === label && overlap(other.box, inside) > 0.6);
    if (!fits) return inside;
  }
  return null;
}

/** A box of about an object's size where the image has no object; null where there is no room. */
export function phantomBox(
  { width, height, objects }: ImageObjects,
  object: number,
  random: Random,
): PixelBox | null {
  const [, , w, h] = objects[object]!.box;
  for (let tries = 0; tries < TRIES; tries++) {
    const factor = 0.7 + 0.6 * random();
    const box: PixelBox = [
      random() * (width - w * factor),
      random() * (height - h * factor),
      w * factor,
      h * factor,
    ];
    if (box[0] < 0 || box[1] < 0 || box[2] < SMALLEST_SIDE || box[3] < SMALLEST_SIDE) continue;
    if (objects.every((other) => shareOf(box, other.box) < EMPTY)) return box;
  }
  return null;
}

/** The same box drawn again by hand: each side up to 8 % of the size away. */
export function drawnAgain([x, y, w, h]: PixelBox, random: Random): PixelBox {
  const by = (size: number): number => size * 0.16 * (random() - 0.5);
  return [x + by(w), y + by(h), w + by(w), h + by(h)];
}

function moved([x, y, w, h]: PixelBox, random: Random): PixelBox {
  const angle = 2 * Math.PI * random();
  const far = 0.3 + 0.5 * random();
  return [x + Math.cos(angle) * far * w, y + Math.sin(angle) * far * h, w, h];
}

function resized([x, y, w, h]: PixelBox, random: Random): PixelBox {
  const factor = random() < 0.5 ? 0.35 + 0.3 * random() : 1.6 + random();
  return [x + (w * (1 - factor)) / 2, y + (h * (1 - factor)) / 2, w * factor, h * factor];
}

function clipped([x, y, w, h]: PixelBox, width: number, height: number): PixelBox | null {
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const [right, bottom] = [Math.min(width, x + w), Math.min(height, y + h)];
  return right - left < SMALLEST_SIDE || bottom - top < SMALLEST_SIDE
    ? null
    : [left, top, right - left, bottom - top];
}

/** How much of a box another one covers, 0..1. */
function shareOf(box: PixelBox, other: PixelBox): number {
  const width = Math.min(box[0] + box[2], other[0] + other[2]) - Math.max(box[0], other[0]);
  const height = Math.min(box[1] + box[3], other[1] + other[3]) - Math.max(box[1], other[1]);
  return (Math.max(0, width) * Math.max(0, height)) / (box[2] * box[3]);
}
