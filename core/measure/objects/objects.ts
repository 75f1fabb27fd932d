import type { BoxRow } from '../../../db/queries/images.ts';
import type { VerdictRow } from '../../../db/queries/objects.ts';
import type { Store } from '../../../db/store.ts';
import { isCrowd, pointsInPixels, toBoxes, toPixels, type Box } from '../../base/boxes.ts';
import { ringBox } from '../../base/detail.ts';
import { maskBox, parseMask } from '../../base/mask.ts';

/** Left, top, width, height in pixels of the upright picture. */
export type PixelBox = readonly [number, number, number, number];

/** One object of an image. */
interface ImageObject {
  /** Place among the boxes of the image's home file. */
  position: number;
  /** Class index. */
  label: number;
  box: PixelBox;
  /** Around its own outline or mask; null where it has neither. */
  outline: PixelBox | null;
}

/** The objects of one image. */
export interface ImageObjects {
  imageId: number;
  fileId: number;
  width: number;
  height: number;
  objects: ImageObject[];
}

/** The objects of an image, crowd regions left out; null where its home file says nothing of objects. */
export function objectsOf(
  store: Store,
  imageId: number,
  classes: ReadonlyMap<string, number>,
): ImageObjects | null {
  const { id: fileId, boxed } = store.objects.homeFile(imageId);
  if (boxed === 0) return null;
  const rows = store.images.homeBoxes(imageId);
  const { width, height } = store.images.byId(imageId)!;
  return { imageId, fileId, width, height, objects: readObjects(rows, { width, height }, classes) };
}

function readObjects(
  rows: BoxRow[],
  size: { width: number; height: number },
  classes: ReadonlyMap<string, number>,
): ImageObject[] {
  return toBoxes(rows).flatMap((box, position): ImageObject[] => {
    const label = classes.get(box.label);
    if (label === undefined || isCrowd(box)) return [];
    return [{ position, label, box: toPixels(box, size.width, size.height), outline: outlineBox(box, size) }];
  });
}

function outlineBox(box: Box, size: { width: number; height: number }): PixelBox | null {
  const { polygons, mask } = box.detail ?? {};
  const rings = polygons?.filter((ring) => ring.length >= 6);
  if (rings && rings.length > 0) return ringBox(rings.flatMap((ring) => pointsInPixels(ring, box, size)));
  const runs = mask && parseMask(mask);
  return runs ? maskBox(runs) : null;
}

/** Intersection over union of two boxes, 0..1. */
export function overlap(a: PixelBox, b: PixelBox): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  const shared = Math.max(0, width) * Math.max(0, height);
  const all = a[2] * a[3] + b[2] * b[3] - shared;
  return all > 0 ? Math.min(1, shared / all) : 0;
}

/** Where the middle of what a verdict is about lies, in shares of the picture's width and height; null where it is not known. */
export function middleOf(
  store: Store,
  imageId: number,
  { position, area }: Pick<VerdictRow, 'position' | 'area'>,
): [number, number] | null {
  if (area !== null) {
    const [x, y, w, h] = JSON.parse(area) as PixelBox;
    return [x + w / 2, y + h / 2];
  }
  const row = store.images.homeBoxes(imageId)[position];
  if (!row) return null;
  const { width, height } = store.images.byId(imageId)!;
  const [x, y, w, h] = toPixels(toBoxes([row])[0]!, width, height);
  return [(x + w / 2) / width, (y + h / 2) / height];
}
