import { isCrowd, pointsInPixels, toPixels, type Box } from '../../base/boxes.ts';
import { ringsArea } from '../../base/detail.ts';
import { eachInside } from '../../base/fill.ts';
import { maskArea, maskPixels } from '../../base/mask.ts';
import { lossLine, type ExportItem, type LossCounter } from './define.ts';
import { hasMask } from './outlines.ts';

/** In a map: that nobody knows what a pixel shows. */
export const IGNORED = -1;

/** The objects of an image drawn over each other, row by row. */
export interface DrawnMaps {
  /** The place of each pixel's object in the image's list, plus 1; 0 for none, `IGNORED` where only a box covers it. */
  objects: Int32Array;
  /** Whether any object that is no region of a crowd has a pixel of its own. */
  hasInstances: boolean;
  /** Pixels of objects that lie under another one. */
  covered: number;
  /** Objects with an outline of which no pixel is left, or that have none. */
  gone: number;
  /** Objects of which only the box is known. */
  boxes: number;
}

type Put = (x: number, y: number) => void;

/** Passes on the pixels of an object by its mask or outline; false where it has none that fits the image. */
function eachPixel(box: Box, item: ExportItem, put: Put): boolean {
  const { width, height } = item;
  const { polygons, mask } = box.detail ?? {};
  if (polygons) {
    for (const ring of polygons) eachInside(pointsInPixels(ring, box, item), width, height, put);
    return true;
  }
  if (!mask || !hasMask(box, item)) return false;
  const pixels = maskPixels(mask);
  for (let k = 0; k < pixels.length; k++) if (pixels[k] === 1) put(k % width, Math.floor(k / width));
  return true;
}

/** Passes on every pixel that a box touches, and one at least, so that no object is taken for background. */
function eachTouched(
  [left, top, across, down]: Box['values'],
  { width, height }: ExportItem,
  put: Put,
): void {
  const end = (start: number, size: number): number =>
    Math.max(Math.floor(start) + 1, Math.ceil(start + size));
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(height, end(top, down)); y++)
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(width, end(left, across)); x++) put(x, y);
}

function areaOf(box: Box, item: ExportItem): number {
  const { polygons, mask } = box.detail ?? {};
  if (polygons) return ringsArea(polygons.map((ring) => pointsInPixels(ring, box, item)));
  return mask && hasMask(box, item) ? maskArea(mask) : Infinity;
}

/**
 * Draws the objects of an image: first the boxes of those that have no outline, then by area, the larger first, so that
 * small objects stay whole; of equal ones regions of crowds first, then in the order of the list. Null where nobody looked
 * for objects.
 */
export function drawMaps(item: ExportItem): DrawnMaps | null {
  const { boxes, width, height } = item;
  if (!boxes) return null;
  const drawn: DrawnMaps = {
    objects: new Int32Array(width * height),
    hasInstances: false,
    covered: 0,
    gone: 0,
    boxes: 0,
  };
  const { objects } = drawn;
  const order = boxes
    .map((box, place) => ({ box, place, area: areaOf(box, item) }))
    .sort((a, b) => (a.area === b.area ? Number(isCrowd(b.box)) - Number(isCrowd(a.box)) : b.area - a.area));
  for (const { box, place } of order) {
    const put = (x: number, y: number): void => {
      const at = y * width + x;
      const below = objects[at]!;
      if (below > 0 && below !== place + 1) drawn.covered += 1;
      objects[at] = place + 1;
    };
    if (eachPixel(box, item, put)) continue;
    drawn.boxes += 1;
    eachTouched(toPixels(box, width, height), item, (x, y) => (objects[y * width + x] = IGNORED));
  }
  const left = new Set(objects);
  for (const { box, place, area } of order)
    if (left.has(place + 1)) drawn.hasInstances ||= !isCrowd(box);
    else if (area < Infinity) drawn.gone += 1;
  return drawn;
}

/** Counts what becomes of objects where each pixel shows one of them. */
export class MapCounter implements LossCounter {
  #covered = 0;
  #gone = 0;
  #boxes = 0;
  #polygons = 0;

  add(item: ExportItem): void {
    const drawn = drawMaps(item);
    if (!drawn) return;
    this.#covered += drawn.covered;
    this.#gone += drawn.gone;
    this.#boxes += drawn.boxes;
    for (const { detail } of item.boxes ?? []) if (detail?.polygons) this.#polygons += 1;
  }

  result(): string[] {
    return [
      ...lossLine(
        this.#boxes,
        'object without an outline or mask that fits its image: its box is marked as to be ignored',
        'objects without an outline or mask that fits their image: their boxes are marked as to be ignored',
      ),
      ...lossLine(
        this.#covered,
        'pixel of an object under another one: a map shows only the smaller object',
        'pixels of objects under others: a map shows only the smaller object',
      ),
      ...lossLine(
        this.#gone,
        'object without a pixel of its own: left out of the maps',
        'objects without a pixel of their own: left out of the maps',
      ),
      ...lossLine(
        this.#polygons,
        'outline: drawn on the pixels whose centres are inside',
        'outlines: drawn on the pixels whose centres are inside',
      ),
    ];
  }
}
