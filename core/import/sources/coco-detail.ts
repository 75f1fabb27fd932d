import { isRecord, isAreaOf } from './untrusted.ts';
import type { LeftKind } from '../../../rpc/contract/imports.ts';
import type { Box } from '../../base/boxes.ts';
import { ringsArea, type Detail } from '../../base/detail.ts';
import { maskArea, parseMask } from '../../base/mask.ts';
import { isRectangle, kindOfShape, polygonsIn } from './coco-shape.ts';

/** Counts of what objects have besides their boxes. */
export interface DetailCounts {
  leave(kind: LeftKind, name?: string, count?: number): void;
  /** How many objects have one that is taken over. */
  kept: { polygon: number; mask: number; keypoints: number };
}

/** Columns that are read, those of shapes among them, and those that follow from the rest, so that nothing is lost. */
export const READ_COLUMNS = new Set([
  'id',
  'image_id',
  'category_id',
  'bbox',
  'bbox_mode',
  'segmentation',
  'keypoints',
  'num_keypoints',
  'iscrowd',
]);

/** The column of a release with the box as it was before it was clipped to the image. */
export const GIVEN_BOX = 'given_bbox';

/** What an annotation says of its object besides the box; undefined where that is nothing. */
export function detailOf(
  value: Record<string, unknown>,
  values: Box['values'],
  hasGiven: boolean,
  counts: DetailCounts,
): Detail | undefined {
  const { polygons, mask } = shapeIn(value['segmentation'], values, counts);
  const keypoints = keypointsIn(value['keypoints'], counts);
  const columns: Record<string, unknown> = {};
  let attributes: Record<string, unknown> | undefined;
  for (const name in value) {
    const found = value[name];
    if (READ_COLUMNS.has(name) || found === null) continue;
    if (name === GIVEN_BOX) {
      if (!hasGiven) counts.leave('column', name);
      continue;
    }
    if (name === 'area') {
      // Readers compute with it.
      if (typeof found !== 'number' || !Number.isFinite(found)) counts.leave('column', name);
      else if (!followsFrom(found, values, polygons, mask)) columns[name] = found;
      continue;
    }
    if (name === 'attributes' && isRecord(found))
      attributes = Object.keys(found).length > 0 ? found : undefined;
    else columns[name] = found;
  }
  const detail: Detail = {
    ...(polygons && { polygons }),
    ...(mask && { mask }),
    ...(keypoints && { keypoints }),
    ...(attributes && { attributes }),
    ...(Object.keys(columns).length > 0 && { columns }),
  };
  return Object.keys(detail).length > 0 ? detail : undefined;
}

/** Whether an area is that of the object as it is drawn, so that nothing is lost with it. */
function followsFrom(
  area: unknown,
  values: Box['values'],
  polygons: Detail['polygons'],
  mask: Detail['mask'],
): boolean {
  if (polygons) return area === ringsArea(polygons);
  return mask ? area === maskArea(mask) : isAreaOf(area, values);
}

/** The outline or mask in a `segmentation`; counted as left behind where it cannot be read. */
function shapeIn(
  segmentation: unknown,
  values: Box['values'],
  counts: DetailCounts,
): Pick<Detail, 'polygons' | 'mask'> {
  const kind = kindOfShape(segmentation);
  if (!kind || isRectangle(segmentation, values)) return {};
  const [polygons, mask] =
    kind === 'polygon' ? [polygonsIn(segmentation), null] : [null, parseMask(segmentation)];
  if (!polygons && !mask) {
    counts.leave(kind);
    return {};
  }
  counts.kept[kind] += 1;
  return polygons ? { polygons } : { mask: mask! };
}

/** Keypoints as COCO lists them: x, y and visibility of each in turn. */
function keypointsIn(list: unknown, counts: DetailCounts): Detail['keypoints'] | undefined {
  if (!Array.isArray(list) || list.length === 0) return undefined;
  if (list.length % 3 !== 0 || !list.every((one) => typeof one === 'number' && Number.isFinite(one))) {
    counts.leave('keypoints');
    return undefined;
  }
  const numbers = list as number[];
  if (numbers.some((one) => one !== 0)) counts.kept.keypoints += 1;
  return Array.from(
    { length: numbers.length / 3 },
    (_, i) => numbers.slice(3 * i, 3 * i + 3) as [number, number, number],
  );
}
