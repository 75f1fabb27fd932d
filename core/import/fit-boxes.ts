import type { Box, Fit } from '../base/boxes.ts';
import { moveDetail } from '../base/detail.ts';
import type { RecordedFile } from '../ledger/events.ts';

/** Width and height in pixels. */
export interface Size {
  width: number;
  height: number;
}

/** A picture as its header describes it: upright size, and the EXIF orientation that was applied for it (1 to 8). */
export interface Picture extends Size {
  orientation: number;
}

/** How far boxes reach beyond their image in practice, as a part of its side. */
const OVERSHOOT = 0.02;

/**
 * Brings boxes from the frame that the dataset states into the upright picture, where that is certain. `stated` is null
 * where the dataset states no size. `frame`, for the record, is missing where the boxes refer to the upright picture anyway,
 * as they do in sources that draw on it (`onShown`) where no size says otherwise.
 */
export function fitBoxes(
  boxes: Box[],
  stated: Size | null,
  picture: Picture,
  onShown = false,
): { boxes: Box[]; frame?: RecordedFile['frame'] } {
  const fit = boxes.length > 0 ? fitOf(boxes, stated, picture, onShown) : null;
  if (!fit) return { boxes };
  const { orientation } = picture;
  const frame = {
    ...stated,
    boxes: fit,
    ...(orientation > 1 && !(onShown && fit === 'scaled') && { orientation }),
  };
  if (!stated || !(fit === 'scaled' || fit === 'turned' || fit === 'turned-scaled')) return { boxes, frame };
  const isTurned = fit !== 'scaled';
  const upright = isTurned ? swapped(stated) : stated;
  const [x, y] = [picture.width / upright.width, picture.height / upright.height];
  return {
    frame,
    boxes: boxes.map((box) => scaleBox(isTurned ? turnBox(box, stated, orientation) : box, x, y)),
  };
}

function fitOf(boxes: Box[], stated: Size | null, picture: Picture, onShown: boolean): Fit | null {
  const inPixels = boxes.some(({ format }) => format === 'xywh-pixel');
  const open = inPixels && !onShown ? 'open' : null;
  // Fractions without a stated size are YOLO's, whose readers turn the picture first.
  if (!stated) return picture.orientation > 1 ? open : null;
  if (isSame(stated, picture)) return isOpen(picture) ? open : null;
  const stored = picture.orientation >= 5 ? swapped(picture) : picture;
  const turned = picture.orientation >= 5 && isScaled(stated, stored) && !isScaled(stated, picture);
  if (!turned && isSame(stated, swapped(picture))) return 'swapped';
  if (!turned && (!isScaled(stated, picture) || isNear(stated, picture))) return 'other-size';
  if (!turned && !inPixels) return null;
  if (boxes.some((box) => !isWithin(box, stated)) && boxes.every((box) => isWithin(box, picture)))
    return 'beyond';
  if (!turned) return 'scaled';
  return isSame(stated, stored) ? 'turned' : 'turned-scaled';
}

/** Number of boxes that share no pixel with the picture. */
export function countOutside(
  boxes: readonly { format: string; values: Box['values'] }[],
  { width, height }: Size,
): number {
  return boxes.filter(({ format, values: [x, y, w, h] }) => {
    if (format !== 'xywh-pixel') return false;
    return x >= width || y >= height || (x < 0 && x + w <= 0) || (y < 0 && y + h <= 0);
  }).length;
}

/** Whether the picture's size is the same before and after the EXIF orientation was applied, and its content is not. */
export function isOpen({ width, height, orientation }: Picture): boolean {
  return orientation > 1 && (orientation < 5 || width === height);
}

/** The box in the upright frame, from the stored frame of the given size. Orientation 5 to 8: those that swap the sides. */
function turnBox({ detail, ...box }: Box, frame: Size, orientation: number): Box {
  const [x, y, w, h] = box.values;
  // From the other side: of the left or top edge in pixels, of the centre in fractions.
  const isPixels = box.format === 'xywh-pixel';
  const across = (at: number, size: number, side: number): number => (isPixels ? side - at - size : 1 - at);
  const left = (at: number, size: number): number =>
    orientation === 6 || orientation === 7 ? across(at, size, frame.height) : at;
  const top = (at: number, size: number): number =>
    orientation === 7 || orientation === 8 ? across(at, size, frame.width) : at;
  return {
    ...box,
    values: [left(y, h), top(x, w), h, w],
    ...(detail && {
      detail: moveDetail(detail, (px, py) => [left(py, 0), top(px, 0)], orientation, false),
    }),
  };
}

/** A mask keeps its own size: it says itself how large a picture it is of. */
function scaleBox(box: Box, x: number, y: number): Box {
  if (box.format !== 'xywh-pixel') return box;
  const [left, top, width, height] = box.values;
  const { detail } = box;
  return {
    ...box,
    values: [left * x, top * y, width * x, height * y],
    ...(detail && { detail: moveDetail(detail, (px, py) => [px * x, py * y], 1, x !== 1 || y !== 1) }),
  };
}

function isWithin({ format, values: [x, y, w, h] }: Box, { width, height }: Size): boolean {
  if (format !== 'xywh-pixel') return true;
  const [right, bottom] = [width * OVERSHOOT, height * OVERSHOOT];
  return x >= -right && y >= -bottom && x + w <= width + right && y + h <= height + bottom;
}

/** Whether one size is the other in small or large: one side scaled exactly, the other to within its rounding. */
function isScaled(a: Size, b: Size): boolean {
  const [small, large] = a.width * a.height < b.width * b.height ? [a, b] : [b, a];
  const byWidth = (large.height * small.width) / large.width;
  const byHeight = (large.width * small.height) / large.height;
  return Math.abs(byWidth - small.height) < 1 || Math.abs(byHeight - small.width) < 1;
}

/** A row or column more or less: as likely cut as scaled. */
function isNear(a: Size, b: Size): boolean {
  return Math.abs(a.width - b.width) <= 1 && Math.abs(a.height - b.height) <= 1;
}

function isSame(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height;
}

function swapped({ width, height }: Size): Size {
  return { width: height, height: width };
}
