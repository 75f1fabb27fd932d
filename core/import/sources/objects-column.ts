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
  /** What is wrong with objects that are left out, one sentence each. */
  faults: string[];
  left: { kind: LeftKind; name: string; count: number }[];
  /** Whether there are objects that give no box: regions of crowds, or shapes alone. */
  others: boolean;
}

const FORM = '`objects` must be {"bbox": [[x, y, w, h], ...], "categories": [name, ...]}.';
const NONE: Objects = { boxes: [], faults: [], left: [], others: false };

/**
 * Reads Hugging Face's `objects`: parallel lists of COCO boxes and categories, or a list of objects with one of each.
 * Counts what else they have. Faulty ones are left out, all of them where the lists do not fit together.
 */
export function objectBoxes(value: unknown, classNames: ClassNames): Objects {
  if (Array.isArray(value) && value.length === 0) return NONE;
  const lists = Array.isArray(value) ? parallel(value) : isRecord(value) ? value : {};
  const boxColumn = BOXES.find((name) => Array.isArray(lists[name]));
  const column = CATEGORIES.find((name) => Array.isArray(lists[name]));
  if (boxColumn === undefined || column === undefined) return { ...NONE, faults: [FORM] };
  const found = lists[boxColumn] as unknown[];
  const categories = lists[column] as unknown[];
  if (found.length !== categories.length) return { ...NONE, faults: [FORM] };
  const crowds = Object.entries(lists).find(([name]) => KINDS.get(name) === 'crowd')?.[1];
  const faults: string[] = [];
  const all = found.map((one, i): Box | null => {
    if (Array.isArray(crowds) && !isNothing(crowds[i])) return null;
    const values = boxValues(one);
    const category = categories[i];
    const isNamed = typeof category === 'string' || typeof category === 'number';
    const label = isNamed ? className(classNames, column, String(category).toWellFormed()) : null;
    if (values && label != null) return { label, format: 'xywh-pixel', values };
    const problem = values ? `its class is ${JSON.stringify(category)}` : 'its box is not four numbers';
    faults.push(`object ${i + 1} of \`objects\`: ${problem}.`);
    return null;
  });
  const boxes = all.filter((box) => box !== null);
  const others = all.length > boxes.length + faults.length;
  const hasShapes = Object.entries(lists).some(
    ([name, list]) => SHAPES.has(KINDS.get(name)) && countOf(list) > 0,
  );
  const left = Object.entries(lists).flatMap(([name, list]): Objects['left'] => {
    if (name === boxColumn || name === column || NO_LOSS.has(name)) return [];
    if (AREAS.has(name) && hasShapes) return [];
    const count = AREAS.has(name) && Array.isArray(list) ? otherAreas(list, all) : countOf(list);
    const kind = KINDS.get(name);
    return count === 0 ? [] : [{ kind: kind ?? 'attribute', name: kind ? '' : name, count }];
  });
  return { boxes, faults, left, others };
}

/** How many values there are. */
function countOf(list: unknown): number {
  if (Array.isArray(list)) return list.filter((one) => !isNothing(one)).length;
  return isNothing(list) ? 0 : 1;
}

/** How many areas are not those of their boxes. */
function otherAreas(list: unknown[], boxes: readonly (Box | null)[]): number {
  return list.filter((one, i) => !isNothing(one) && !isAreaOf(one, boxes[i]?.values)).length;
}

/** The lists of an array of objects; what is no object has nothing in any of them. */
function parallel(all: unknown[]): Record<string, unknown> {
  const lists: Record<string, unknown[]> = {};
  for (const [i, one] of all.entries())
    for (const [name, value] of Object.entries(isRecord(one) ? one : {})) {
      lists[name] ??= Array<unknown>(all.length).fill(null);
      lists[name][i] = value;
    }
  return lists;
}
