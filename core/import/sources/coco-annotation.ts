import type { LeftKind } from '../../../rpc/contract/imports.ts';
import { boxValues, type Box } from '../../base/boxes.ts';
import { ringsArea, type Detail } from '../../base/detail.ts';
import { maskArea, parseMask } from '../../base/mask.ts';
import { boxOfShape, isCorners, isRectangle, kindOfShape, polygonsIn } from './coco-shape.ts';
import { isAreaOf, isNothing, isRecord } from './untrusted.ts';

/** What an annotation says of an image; `values` is null if it labels the image as a whole. */
export interface Said {
  image: unknown;
  category: unknown;
  values: Box['values'] | null;
  /** What it says of the object besides. */
  detail?: Detail;
}

/** Counts of what annotations have besides their boxes. */
export interface Counts {
  leave(kind: LeftKind, name?: string, count?: number): void;
  /** How many objects have one that is taken over. */
  kept: { polygon: number; mask: number; keypoints: number };
  /** How often something was read otherwise than it is written. */
  odd: { boxFromShape: number; textNumbers: number };
  /** Annotations that have a list of keypoints, also one in which none is marked. */
  keypointLists: number;
}

/** Columns that are read, those of shapes among them, and those that follow from the rest, so that nothing is lost. */
const READ = new Set([
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
/** Detectron2's number for boxes as COCO has them. */
const XYWH = 1;
/** The column of a release that marks annotations which label the image as a whole. */
export const WHOLE_IMAGE = 'whole_image';
/** The column of a release with the box as it was before it was clipped to the image. */
export const GIVEN_BOX = 'given_bbox';

/**
 * Reads one record of COCO's `annotations` and counts what it has that is not taken over. Returns null if nothing of it
 * is (a caption, the segments of a panoptic image, the region of a crowd, keypoints without a box), or the sentence that says what is wrong.
 */
export function readAnnotation(value: unknown, counts: Counts): Said | string | null {
  if (!isRecord(value)) return 'expected an object.';
  const { image_id: image, category_id: category } = value;
  if (image === undefined || image === null) return 'an annotation without `image_id`.';
  if (category === undefined || category === null) {
    const count = whatElse(value);
    if (!count) return 'an annotation without `category_id`.';
    counts.leave(...count);
    return null;
  }
  if (isSet(value['iscrowd'])) {
    counts.leave('crowd');
    return null;
  }
  // Readers want a box in every annotation, so a release gives labels the box of the whole image, and marks them.
  if (value[WHOLE_IMAGE] === true) return { image, category, values: null };
  const values = boxOf(value, counts);
  if (typeof values === 'string') return values;
  if (Array.isArray(value['keypoints'])) counts.keypointLists += 1;
  if (!values) {
    countRest(value, counts);
    // Keypoints without a box are of an object, and say nothing of the whole image.
    return has(value, 'keypoints') ? null : { image, category, values };
  }
  const given = unclipped(value, values);
  const detail = detailOf(value, values, given !== null, counts);
  return { image, category, values: given ?? values, ...(detail && { detail }) };
}

/** Whether a record of `annotations` is about an object, with a place in the image. */
export function isOfObject(value: unknown): value is Record<string, unknown> {
  if (!isRecord(value)) return false;
  const places = ['bbox', 'segmentation', 'keypoints', 'segments_info'];
  return isSet(value['iscrowd']) || places.some((name) => has(value, name));
}

function has(value: Record<string, unknown>, name: string): boolean {
  const found = value[name];
  return found !== undefined && found !== null && !(Array.isArray(found) && found.length === 0);
}

/** What an annotation without a category is there for, if Assay knows it. */
function whatElse({
  caption,
  segments_info: segments,
}: Record<string, unknown>): [LeftKind, string, number] | null {
  if (typeof caption === 'string') return ['caption', '', 1];
  return Array.isArray(segments) ? ['mask', '', segments.length] : null;
}

/** The box, or that around the shape where no box is given; null where there is neither. A sentence if it is nonsense. */
function boxOf(value: Record<string, unknown>, counts: Counts): Box['values'] | string | null {
  const written = value['bbox'];
  if (written === undefined || written === null || (Array.isArray(written) && written.length === 0)) {
    const kind = kindOfShape(value['segmentation']);
    if (!kind) return null;
    const box = boxOfShape(value['segmentation']);
    if (box) counts.odd.boxFromShape += 1;
    return box ?? `a ${kind} that cannot be read, and no \`bbox\`.`;
  }
  if (![undefined, null, XYWH].includes(value['bbox_mode'] as number))
    return `\`bbox_mode\` ${shown(value['bbox_mode'])}: only boxes of left, top, width, height are read.`;
  const numbers = Array.isArray(written) ? written.map(numberOf) : written;
  const values = boxValues(numbers);
  if (!values) return `\`bbox\` must be four numbers (left, top, width, height), not ${shown(written)}.`;
  if (values[2] < 0 || values[3] < 0) return `\`bbox\` has a negative width or height: ${shown(written)}.`;
  if ((written as unknown[]).some((one) => typeof one === 'string')) counts.odd.textNumbers += 1;
  return values;
}

/** The box as it was before a release clipped it; null if it says none, or if the clipped one was changed since. */
function unclipped(value: Record<string, unknown>, clipped: Box['values']): Box['values'] | null {
  const given = boxValues(value[GIVEN_BOX]);
  const { segmentation } = value;
  // A rectangle that is another one than the box was left behind when the box was changed.
  if (!given || (isCorners(segmentation) && !isRectangle(segmentation, clipped))) return null;
  const fits = (start: 0 | 1): boolean => {
    const size = start === 0 ? 2 : 3;
    const [end, givenEnd] = [clipped[start] + clipped[size], given[start] + given[size]];
    return clipped[start] === Math.max(0, given[start]) && end <= givenEnd * (1 + 1e-9);
  };
  return fits(0) && fits(1) ? given : null;
}

/** A number, also one that is written as text; anything else as it is. */
export function numberOf(value: unknown): unknown {
  return typeof value === 'string' && /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*$/i.test(value)
    ? Number(value)
    : value;
}

/** What an annotation says of its object besides the box; undefined where that is nothing. */
function detailOf(
  value: Record<string, unknown>,
  values: Box['values'],
  hasGiven: boolean,
  counts: Counts,
): Detail | undefined {
  const { polygons, mask } = shapeIn(value['segmentation'], values, counts);
  const keypoints = keypointsIn(value['keypoints'], counts);
  const columns: Record<string, unknown> = {};
  let attributes: Record<string, unknown> | undefined;
  for (const name in value) {
    const found = value[name];
    if (READ.has(name) || found === null) continue;
    if (name === GIVEN_BOX) {
      if (!hasGiven) counts.leave('column', name);
      continue;
    }
    if (name === 'area' && followsFrom(found, values, polygons, mask)) continue;
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
  counts: Counts,
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
function keypointsIn(list: unknown, counts: Counts): Detail['keypoints'] | undefined {
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

/** Counts what a label of a whole image, or an object without a place, says besides. */
function countRest(value: Record<string, unknown>, counts: Counts): void {
  if (has(value, 'keypoints')) counts.leave('keypoints');
  for (const name in value) {
    if (READ.has(name) || isNothing(value[name])) continue;
    if (name === 'attributes' && isRecord(value[name])) {
      for (const [attribute, one] of Object.entries(value[name]))
        if (!isNothing(one)) counts.leave('attribute', attribute);
    } else if (name === 'score') counts.leave('score');
    else if (name === 'caption') counts.leave('caption');
    else counts.leave('column', name);
  }
}

function isSet(flag: unknown): boolean {
  return flag === true || Number(flag) === 1;
}

/** A value as JSON, cut where it is long. */
function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
