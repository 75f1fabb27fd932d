import type { LeftKind } from '../../../rpc/contract/imports.ts';
import { boxValues, type Box } from '../../base/boxes.ts';
import type { Detail } from '../../base/detail.ts';
import { className, type ClassNames } from './class-names.ts';
import { detailOf, type DetailCounts } from './coco-detail.ts';
import { isNothing, isRecord } from './untrusted.ts';

const CATEGORIES = ['categories', 'category', 'labels', 'label', 'category_id', 'class', 'classes'];
const BOXES = ['bbox', 'bboxes'];
/** Columns by the names that COCO has for them. */
const COCO_NAMES: Readonly<Record<string, string>> = {
  polygon: 'segmentation',
  polygons: 'segmentation',
  mask: 'segmentation',
  masks: 'segmentation',
  areas: 'area',
  is_crowd: 'iscrowd',
  scores: 'score',
};
/** Numbers of the annotations. */
const IDS = new Set(['id', 'bbox_id', 'image_id']);

interface Objects {
  boxes: Box[];
  /** What is wrong with objects that are left out, one sentence each. */
  faults: string[];
  left: { kind: LeftKind; name: string; count: number }[];
  /** Whether there are objects that give no box. */
  others: boolean;
}

const FORM = '`objects` must be {"bbox": [[x, y, w, h], ...], "categories": [name, ...]}.';
const NONE: Objects = { boxes: [], faults: [], left: [], others: false };

/**
 * Reads Hugging Face's `objects`: parallel lists of COCO boxes and categories, or a list of objects with one of each, and
 * what else they have. Faulty ones are left out, all of them where the lists do not fit together.
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
  const others = Object.entries(lists).filter(
    ([name]) => name !== boxColumn && name !== column && !IDS.has(name),
  );
  const left: Objects['left'] = [];
  const counts: DetailCounts = {
    leave: (kind, name = '', count = 1) => void left.push({ kind, name, count }),
    kept: { polygon: 0, mask: 0, keypoints: 0 },
  };
  // A list that does not fit the objects says nothing of any of them.
  for (const [name, list] of others)
    if (!(Array.isArray(list) && list.length === found.length) && !isNothing(list))
      counts.leave('attribute', name, Array.isArray(list) ? list.length : 1);
  const faults: string[] = [];
  const boxes: Box[] = [];
  for (const [i, one] of found.entries()) {
    const record: Record<string, unknown> = {};
    for (const [name, list] of others)
      if (Array.isArray(list) && list.length === found.length && !isNothing(list[i]))
        record[COCO_NAMES[name] ?? name] = list[i];
    const values = boxValues(one);
    const category = categories[i];
    const isNamed = typeof category === 'string' || typeof category === 'number';
    const label = isNamed ? className(classNames, column, String(category).toWellFormed()) : null;
    if (!values || label == null) {
      const problem = values ? `its class is ${JSON.stringify(category)}` : 'its box is not four numbers';
      faults.push(`object ${i + 1} of \`objects\`: ${problem}.`);
      continue;
    }
    const known = detailOf(record, values, false, counts);
    const detail: Detail | undefined = isNothing(record['iscrowd']) ? known : { ...known, crowd: true };
    boxes.push({ label, format: 'xywh-pixel', values, ...(detail && { detail }) });
  }
  return { boxes, faults, left, others: found.length > boxes.length + faults.length };
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
