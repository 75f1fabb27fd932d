import { z } from 'zod';
import type { BoxRow } from '../../db/queries/images.ts';
import { detailText, parseDetail, type Detail } from './detail.ts';

/**
 * A detection box in the numbers of its dataset, so that a round trip changes nothing, in the frame of the upright picture:
 * `xywh-pixel` is COCO's (left, top, width, height), `cxcywh-relative` is YOLO's (centre and size over image size).
 */
export interface Box {
  label: string;
  format: 'xywh-pixel' | 'cxcywh-relative';
  values: [number, number, number, number];
  /** What the dataset says of the object besides. */
  detail?: Detail;
}

/**
 * What became of boxes that the dataset did not plainly draw on the upright picture. Changed: `turned` by the EXIF
 * orientation, `scaled`, or both. Kept as written: the stated size has its sides `swapped`, is of an `other-size`, or is
 * left `beyond` by boxes that fit the picture as they are; or the orientation leaves it `open` in which frame they are.
 */
export const FITS = ['turned', 'scaled', 'turned-scaled', 'swapped', 'other-size', 'beyond', 'open'] as const;
export type Fit = (typeof FITS)[number];

/** The box in COCO's pixels, for an image of the given size. */
export function toPixels(box: Box, width: number, height: number): [number, number, number, number] {
  if (box.format === 'xywh-pixel') return box.values;
  const [cx, cy, w, h] = box.values;
  return [(cx - w / 2) * width, (cy - h / 2) * height, w * width, h * height];
}

/** Numbers x, y, x, y … of a box's object in pixels of its image. */
export function pointsInPixels(
  points: readonly number[],
  { format }: Box,
  { width, height }: { width: number; height: number },
): number[] {
  if (format === 'xywh-pixel') return [...points];
  return points.map((value, i) => value * (i % 2 === 0 ? width : height));
}

/** The box in YOLO's fractions, for an image of the given size. */
export function toRelative(box: Box, width: number, height: number): [number, number, number, number] {
  if (box.format === 'cxcywh-relative') return box.values;
  const [x, y, w, h] = box.values;
  return [(x + w / 2) / width, (y + h / 2) / height, w / width, h / height];
}

/**
 * Returns the class of a whole image of a detection dataset: that of its objects if they agree, else null. `read` says as
 * what a name is read, where several ways to write it are one class.
 */
export function labelOfBoxes(
  all: readonly Pick<Box, 'label' | 'detail'>[],
  read?: (label: string) => string,
): string | null {
  const boxes = all.filter((box) => !isCrowd(box));
  const first = boxes[0];
  if (!first) return null;
  const agrees = ({ label }: Pick<Box, 'label'>): boolean =>
    label === first.label || (read !== undefined && read(label) === read(first.label));
  return boxes.every(agrees) ? first.label : null;
}

/** Whether a box is a region of a crowd, and no object. */
export function isCrowd({ detail }: Pick<Box, 'detail'>): boolean {
  return detail?.crowd === true;
}

const valuesSchema = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const boxesSchema = z.array(
  z.object({
    label: z.string(),
    format: z.enum(['xywh-pixel', 'cxcywh-relative']),
    values: valuesSchema,
    detail: z.unknown().optional(),
  }),
);

/** Returns four finite numbers from untrusted JSON, or null. */
export function boxValues(value: unknown): Box['values'] | null {
  return valuesSchema.safeParse(value).data ?? null;
}

/** Returns boxes from untrusted JSON, or null if it has another shape. */
export function parseBoxes(value: unknown): Box[] | null {
  const found = boxesSchema.safeParse(value).data;
  if (!found) return null;
  const boxes = found.map(({ detail: given, ...box }) => {
    const detail = given == null ? undefined : parseDetail(given);
    return detail === null ? null : { ...box, ...(detail && { detail }) };
  });
  return boxes.every((box) => box !== null) ? boxes : null;
}

/** Whether two boxes are in the very same place, to the last bit. */
export function isSameBox(a: Box, b: Box): boolean {
  return a.format === b.format && a.values.every((value, i) => value === b.values[i]);
}

/** Two boxes closer than this (intersection over union) are the same box drawn twice. */
const SAME_BOX = 0.5;

/** A box as the record keeps it. */
export function recordedBox({ label, format, values, detail }: Box): Omit<Box, 'detail'> & {
  detail: string | undefined;
} {
  return { label, format, values, detail: detailText(detail) };
}

/** Boxes as stored in the database, typed. */
export function toBoxes(rows: BoxRow[]): Box[] {
  return rows.map((row) => ({
    label: row.label,
    format: row.format as Box['format'],
    values: [row.v0, row.v1, row.v2, row.v3],
    ...(row.detail !== null && { detail: JSON.parse(row.detail) as Detail }),
  }));
}

/**
 * Whether two people drew the same boxes: equally many, each with a partner of its class whose intersection over union
 * is at least 0.5, the closest pairs first. Nobody draws the same corners twice.
 */
export function sameBoxes(a: Box[], b: Box[]): boolean {
  if (a.length !== b.length) return false;
  const pairs = a.flatMap((one, i) =>
    b.map((other, j) => ({ i, j, overlap: one.label === other.label ? overlapOf(one, other) : 0 })),
  );
  pairs.sort((x, y) => y.overlap - x.overlap || x.i - y.i || x.j - y.j);
  const left = new Set<number>();
  const right = new Set<number>();
  for (const { i, j, overlap } of pairs) {
    if (overlap < SAME_BOX) break;
    if (left.has(i) || right.has(j)) continue;
    left.add(i);
    right.add(j);
  }
  return left.size === a.length;
}

/** Intersection over union, 0..1; 0 for boxes in different units. */
function overlapOf(a: Box, b: Box): number {
  if (a.format !== b.format) return 0;
  const [left, top, right, bottom] = corners(a);
  const [otherLeft, otherTop, otherRight, otherBottom] = corners(b);
  const width = Math.min(right, otherRight) - Math.max(left, otherLeft);
  const height = Math.min(bottom, otherBottom) - Math.max(top, otherTop);
  const shared = Math.max(0, width) * Math.max(0, height);
  const all = a.values[2] * a.values[3] + b.values[2] * b.values[3] - shared;
  return all > 0 ? shared / all : 0;
}

function corners({ format, values: [x, y, w, h] }: Box): [number, number, number, number] {
  const [left, top] = format === 'cxcywh-relative' ? [x - w / 2, y - h / 2] : [x, y];
  return [left, top, left + w, top + h];
}
