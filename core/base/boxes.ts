import { z } from 'zod';

/**
 * A detection box exactly as its dataset wrote it, so that a round trip changes nothing:
 * `xywh-pixel` is COCO's (left, top, width, height), `cxcywh-relative` is YOLO's (centre and size over image size).
 */
export interface Box {
  label: string;
  format: 'xywh-pixel' | 'cxcywh-relative';
  values: [number, number, number, number];
}

/** The box in COCO's pixels, for an image of the given size. */
export function toPixels(box: Box, width: number, height: number): [number, number, number, number] {
  if (box.format === 'xywh-pixel') return box.values;
  const [cx, cy, w, h] = box.values;
  return [(cx - w / 2) * width, (cy - h / 2) * height, w * width, h * height];
}

/** The box in YOLO's fractions, for an image of the given size. */
export function toRelative(box: Box, width: number, height: number): [number, number, number, number] {
  if (box.format === 'cxcywh-relative') return box.values;
  const [x, y, w, h] = box.values;
  return [(x + w / 2) / width, (y + h / 2) / height, w / width, h / height];
}

/** The class that stands for a whole image of a detection dataset: that of its boxes where they agree, else null. */
export function labelOfBoxes(boxes: readonly Box[]): string | null {
  const first = boxes[0];
  return first && boxes.every((box) => box.label === first.label) ? first.label : null;
}

const valuesSchema = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const boxesSchema = z.array(
  z.object({ label: z.string(), format: z.enum(['xywh-pixel', 'cxcywh-relative']), values: valuesSchema }),
);

/** Four finite numbers out of untrusted JSON, or null. */
export function boxValues(value: unknown): Box['values'] | null {
  return valuesSchema.safeParse(value).data ?? null;
}

/** Boxes out of untrusted JSON of the shape this type has; null where it has another. */
export function parseBoxes(value: unknown): Box[] | null {
  return boxesSchema.safeParse(value).data ?? null;
}
