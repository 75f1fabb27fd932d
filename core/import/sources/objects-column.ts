import type { LeftKind } from '../../../rpc/contract/imports.ts';
import { boxValues, type Box } from '../../base/boxes.ts';
import { className, type ClassNames } from './class-names.ts';
import { isAreaOf, isNothing, isRecord } from './untrusted.ts';

/** What else objects have, by the name of its list. */
const KINDS = new Map<string, LeftKind>([
  ['segmentation', 'polygon'],
  ['polygon', 'polygon'],
  ['polygons', 'polygon'],
  ['mask', 'mask'],
  ['masks', 'mask'],
  ['keypoints', 'keypoints'],
  ['iscrowd', 'crowd'],
  ['is_crowd', 'crowd'],
  ['score', 'score'],
  ['scores', 'score'],
  ['confidence', 'score'],
  ['track_id', 'track'],
]);
const CATEGORIES = ['categories', 'category', 'labels', 'label', 'category_id', 'class', 'classes'];
const BOXES = ['bbox', 'bboxes'];
/** Numbers of the annotations. */
const NO_LOSS = new Set(['id', 'bbox_id', 'image_id']);
const AREAS = new Set(['area', 'areas']);
/** What shows an object more closely than its box: areas are of these, which are counted themselves. */
const SHAPES = new Set<LeftKind | undefined>(['polygon', 'mask']);

interface Objects {
  boxes: Box[];
  left: { kind: LeftKind; name: string; count: number }[];
}

/**
 * Reads Hugging Face's `objects`: parallel lists of COCO boxes and categories, or a list of objects with one of each.
 * Counts what else they have. Null where boxes or categories are missing or broken.
 */
export function objectBoxes(value: unknown, classNames: ClassNames): Objects | null {
  const lists = Array.isArray(value) ? parallel(value) : isRecord(value) ? value : null;
  if (!lists) return null;
  if (Array.isArray(value) && value.length === 0) return { boxes: [], left: [] };
  const boxColumn = BOXES.find((name) => Array.isArray(lists[name]));
  const column = CATEGORIES.find((name) => Array.isArray(lists[name]));
  if (boxColumn === undefined || column === undefined) return null;
  const found = lists[boxColumn] as unknown[];
  const categories = lists[column] as unknown[];
  if (found.length !== categories.length) return null;
  const boxes: Box[] = [];
  for (const [i, one] of found.entries()) {
    const values = boxValues(one);
    const category = categories[i];
    if (!values || (typeof category !== 'string' && typeof category !== 'number')) return null;
    const label = className(classNames, column, String(category).toWellFormed());
    if (label === undefined || label === null) return null;
    boxes.push({ label, format: 'xywh-pixel', values });
  }
  const hasShapes = Object.entries(lists).some(
    ([name, list]) => SHAPES.has(KINDS.get(name)) && countOf(list) > 0,
  );
  const left = Object.entries(lists).flatMap(([name, list]): Objects['left'] => {
    if (name === boxColumn || name === column || NO_LOSS.has(name)) return [];
    if (AREAS.has(name) && hasShapes) return [];
    const count = AREAS.has(name) && Array.isArray(list) ? otherAreas(list, boxes) : countOf(list);
    const kind = KINDS.get(name);
    return count === 0 ? [] : [{ kind: kind ?? 'attribute', name: kind ? '' : name, count }];
  });
  return { boxes, left };
}

/** How many values there are. */
function countOf(list: unknown): number {
  if (Array.isArray(list)) return list.filter((one) => !isNothing(one)).length;
  return isNothing(list) ? 0 : 1;
}

/** How many areas are not those of their boxes. */
function otherAreas(list: unknown[], boxes: readonly Box[]): number {
  return list.filter((one, i) => !isNothing(one) && !isAreaOf(one, boxes[i]?.values)).length;
}

/** The lists of an array of objects; null if one of them is no object. */
function parallel(all: unknown[]): Record<string, unknown> | null {
  const lists: Record<string, unknown[]> = {};
  for (const [i, one] of all.entries()) {
    if (!isRecord(one)) return null;
    for (const [name, value] of Object.entries(one)) {
      lists[name] ??= [];
      lists[name][i] = value;
    }
  }
  return lists;
}
