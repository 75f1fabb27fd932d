import type { LeftKind } from '../../../rpc/contract/imports.ts';
import { boxValues, type Box } from '../../base/boxes.ts';
import type { Detail } from '../../base/detail.ts';
import { detailOf, GIVEN_BOX, READ_COLUMNS, type DetailCounts } from './coco-detail.ts';
import { boxOfShape, isCorners, isRectangle, kindOfShape } from './coco-shape.ts';
import { isNothing, isRecord } from './untrusted.ts';

/** What an annotation says of an image; `values` is null if it labels the image as a whole. */
export interface Said {
  image: unknown;
  category: unknown;
  values: Box['values'] | null;
  /** What it says of the object besides. */
  detail?: Detail;
}

/** Counts of what annotations have besides their boxes. */
export interface Counts extends DetailCounts {
  /** How often something was read otherwise than it is written. */
  odd: { boxFromShape: number; textNumbers: number };
  /** Annotations that have a list of keypoints, also one in which none is marked. */
  keypointLists: number;
}

/** Detectron2's number for boxes as COCO has them. */
const XYWH = 1;
/** The column of a release that marks annotations which label the image as a whole. */
export const WHOLE_IMAGE = 'whole_image';

/**
 * Reads one record of COCO's `annotations` and counts what it has that is not taken over. Returns null if nothing of it
 * is (a caption, the segments of a panoptic image, keypoints without a box), or the sentence that says what is wrong.
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
  // Readers want a box in every annotation, so a release gives labels the box of the whole image, and marks them.
  if (value[WHOLE_IMAGE] === true) return { image, category, values: null };
  const values = boxOf(value, counts);
  if (typeof values === 'string') return values;
  if (Array.isArray(value['keypoints'])) counts.keypointLists += 1;
  const isCrowd = isSet(value['iscrowd']);
  if (!values && isCrowd) {
    counts.leave('crowd');
    return null;
  }
  if (!values) {
    countRest(value, counts);
    // Keypoints without a box are of an object, and say nothing of the whole image.
    return has(value, 'keypoints') ? null : { image, category, values };
  }
  const given = unclipped(value, values);
  const known = detailOf(value, values, given !== null, counts);
  const detail: Detail | undefined = isCrowd ? { ...known, crowd: true } : known;
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

/** Counts what a label of a whole image, or an object without a place, says besides. */
function countRest(value: Record<string, unknown>, counts: Counts): void {
  if (has(value, 'keypoints')) counts.leave('keypoints');
  for (const name in value) {
    if (READ_COLUMNS.has(name) || isNothing(value[name])) continue;
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
