import { pointsInPixels, toPixels, type Box } from '../../base/boxes.ts';
import { ringsArea, visibilityOf, type Detail } from '../../base/detail.ts';
import { maskArea } from '../../base/mask.ts';
import { WHOLE_IMAGE } from '../../import/sources/coco-annotation.ts';
import { GIVEN_BOX } from '../../import/sources/coco-detail.ts';
import { clipBox } from './clip.ts';
import type { ExportItem } from './define.ts';
import { hasMask } from './outlines.ts';

type Bbox = Box['values'];

/** What COCO says of one object: its class, and the shape that readers take for complete. */
export interface Target {
  category: string;
  shape: object;
}

/**
 * What an image shows. A box is clipped to the image, with the box as it was beside it; one with nothing inside the image
 * is left out. A label without boxes has the box of the whole image, and is marked.
 */
export function targetsOf(item: ExportItem): Target[] {
  const { boxes, label, width, height } = item;
  if (!boxes) {
    if (label === null) return [];
    return [{ category: label, shape: { ...shapeOf([0, 0, width, height]), [WHOLE_IMAGE]: true } }];
  }
  return boxes.flatMap((box) => {
    const given = inPixels(box, item);
    const clipped = clipBox(given, item);
    if (!clipped) return [];
    const shape = { ...shapeOf(clipped.values), ...detailOf(box, item) };
    return [
      { category: box.label, shape: clipped === given ? shape : { ...shape, [GIVEN_BOX]: given.values } },
    ];
  });
}

function inPixels(box: Box, { width, height }: ExportItem): Box {
  return { ...box, format: 'xywh-pixel', values: toPixels(box, width, height) };
}

/** What else is known of an object, as its dataset had it or, of a mask or keypoints, as COCO writes it. */
function detailOf(box: Box, item: ExportItem): object {
  const { polygons, mask, keypoints, crowd, attributes, columns } = box.detail ?? {};
  const rings = polygons?.map((ring) => pointsInPixels(ring, box, item));
  return {
    ...(rings && { segmentation: rings, area: ringsArea(rings) }),
    ...(mask && hasMask(box, item) && { segmentation: mask, area: maskArea(mask) }),
    ...(keypoints && keypointsOf(keypoints, box, item)),
    ...(crowd && { iscrowd: 1 }),
    ...(attributes && { attributes }),
    ...columns,
  };
}

/** COCO wants a visibility for each: 2 is seen. */
function keypointsOf(keypoints: NonNullable<Detail['keypoints']>, box: Box, item: ExportItem): object {
  const list = keypoints.flatMap((point) => [
    ...pointsInPixels([point[0], point[1]], box, item),
    visibilityOf(point),
  ]);
  return { keypoints: list, num_keypoints: list.filter((value, i) => i % 3 === 2 && value > 0).length };
}

/** Readers of masks want a polygon: the corners of the box. */
function shapeOf(bbox: Bbox): object {
  const [left, top, width, height] = bbox;
  const [right, bottom] = [left + width, top + height];
  return {
    bbox,
    area: width * height,
    iscrowd: 0,
    segmentation: [[left, top, right, top, right, bottom, left, bottom]],
  };
}
