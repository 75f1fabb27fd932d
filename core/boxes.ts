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
