import type { LeftKind } from '../../../rpc/contract/imports.ts';
import { boxValues, type Box } from '../../base/boxes.ts';
import { boxOfShape, isRectangle, kindOfShape } from './coco-mask.ts';
import { isAreaOf, isNothing, isRecord } from './untrusted.ts';

/** What an annotation says of an image; `values` is null if it labels the image as a whole. */
export interface Said {
  image: unknown;
  category: unknown;
  values: Box['values'] | null;
}

/** Counts of what annotations have besides their boxes. */
export interface Counts {
  leave(kind: LeftKind, name?: string, count?: number): void;
  /** How often something was read otherwise than it is written. */
  odd: { boxFromShape: number; textNumbers: number };
  /** Annotations that have a list of keypoints, also one in which none is marked. */
  keypointLists: number;
}

const READ = new Set(['id', 'image_id', 'category_id', 'bbox']);
/** They follow from the rest of an annotation, so nothing is lost with them. */
const DERIVED = new Set(['num_keypoints', 'bbox_mode']);
/** Detectron2's number for boxes as COCO has them. */
const XYWH = 1;
/** The column of a release that marks annotations which label the image as a whole. */
export const WHOLE_IMAGE = 'whole_image';
/** The column of a release with the box as it was before it was clipped to the image. */
export const GIVEN_BOX = 'given_bbox';
const TRACK = new Set(['track_id', 'trackid', 'tracking_id', 'instance_id']);

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
  const given = values && unclipped(value, values);
  countRest(value, counts, values, given !== null);
  // Keypoints without a box are of an object, and say nothing of the whole image.
  if (!values && has(value, 'keypoints')) return null;
  return { image, category, values: given ?? values };
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
  if (!given || !isRectangle(value['segmentation'], clipped)) return null;
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

function countRest(
  value: Record<string, unknown>,
  counts: Counts,
  values: Box['values'] | null,
  hasGiven: boolean,
): void {
  for (const name in value) {
    if (READ.has(name) || (name === GIVEN_BOX && hasGiven)) continue;
    const found = value[name];
    if (isTrack(name, found)) counts.leave('track');
    if (isTrack(name, found) || isNothing(found)) continue;
    if (name === 'segmentation') {
      if (values && isRectangle(found, values)) continue;
      const kind = kindOfShape(found);
      if (kind) counts.leave(kind);
    } else if (name === 'keypoints') {
      if (!Array.isArray(found) || found.some((one) => one !== 0)) counts.leave('keypoints');
    } else if (name === 'attributes' && isRecord(found)) {
      for (const [attribute, one] of Object.entries(found)) countAttribute(attribute, one, counts);
    } else if (name === 'area') {
      // That of a shape, which is counted itself, or of the box.
      if (isNothing(value['segmentation']) && !isAreaOf(found, values)) counts.leave('column', name);
    } else if (name === 'score') counts.leave('score');
    else if (name === 'caption') counts.leave('caption');
    else if (name === 'rotation') counts.leave('rotation');
    else if (name !== 'iscrowd' && !DERIVED.has(name)) counts.leave('column', name);
  }
}

function countAttribute(name: string, value: unknown, counts: Counts): void {
  if (isTrack(name, value)) counts.leave('track');
  else if (isNothing(value)) return;
  else if (name === 'rotation') counts.leave('rotation');
  else counts.leave('attribute', name);
}

/** 0 is a track like others. */
function isTrack(name: string, value: unknown): boolean {
  return TRACK.has(name.toLowerCase()) && (value === 0 || !isNothing(value));
}

function isSet(flag: unknown): boolean {
  return flag === true || Number(flag) === 1;
}

/** A value as JSON, cut where it is long. */
function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
