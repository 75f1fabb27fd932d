import { type Box } from '../../base/boxes.ts';
import type { SourceEntry } from './define.ts';
import { ringBox, type Detail } from '../../base/detail.ts';
import { ImageBoxes } from './image-boxes.ts';
import type { Region } from './label-maps.ts';
import type { Reading } from './reading.ts';
import { unreadable } from './untrusted.ts';
import { childOf, finite, textOf, typed, xmlElements, type XmlElement } from './xml.ts';

/** What one file of Pascal VOC says of its image. */
export interface VocAnnotation {
  /** The image's name as written, often without extension, or that of another machine; '' if there is none. */
  filename: string;
  /** Its path on the machine where it was annotated; '' if there is none. */
  path: string;
  stated: SourceEntry['stated'];
  boxes: ImageBoxes;
}

/** Values of attributes that say nothing: that of a box which nobody looked at. */
const NOTHING = /^(?:0|-1|false|no|none|unspecified|unknown|)$/i;
const CORNERS = ['xmin', 'ymin', 'xmax', 'ymax'] as const;
const NO_ATTRIBUTES = new Set([
  'name',
  'bndbox',
  'polygon',
  'robndbox',
  'part',
  'attributes',
  'actions',
  'id',
]);
const SCORES = new Set(['confidence', 'score']);

/** The pixels of objects by their places in a file, from 1 on, as SegmentationObject has them. */
export type VocMasks = ReadonlyMap<number, Region>;

/** A mask is that of the object in its place only if their boxes overlap so much (intersection over union). */
const SAME_OBJECT = 0.5;

/**
 * Reads an annotation file of Pascal VOC, and joins its objects to their masks. Tells `reading` of faulty objects, of all
 * that is no box, and of masks that fit no object. Throws `SOURCE_UNREADABLE` where the file is no annotation as a whole.
 */
export async function readVocAnnotation(
  file: string,
  reading: Reading,
  masks: VocMasks = new Map(),
): Promise<VocAnnotation> {
  let root: XmlElement | undefined;
  for await (const element of xmlElements(file, (path) => !path.includes('/'), reading.encoding))
    root = element;
  if (root?.name !== 'annotation')
    throw unreadable(file, root?.line ?? 1, `an <annotation> is expected, not <${root?.name ?? ''}>.`);
  const boxes = new ImageBoxes(reading, file);
  const objects = root.children.filter(({ name }) => name === 'object');
  for (const [i, object] of objects.entries()) addObject(object, masks.get(i + 1), file, reading, boxes);
  const rest = [...masks.keys()].filter((place) => place > objects.length).length;
  reading.leave('mask', '', rest, file);
  const size = childOf(root, 'size');
  const [width, height] = [finite(textOf(size, 'width')), finite(textOf(size, 'height'))];
  return {
    filename: textOf(root, 'filename'),
    path: textOf(root, 'path'),
    stated: width > 0 && height > 0 ? { width, height } : null,
    boxes,
  };
}

/** Adds the box of an object and what else is known of it, unless it is faulty or has another shape. */
function addObject(
  object: XmlElement,
  region: Region | undefined,
  file: string,
  reading: Reading,
  boxes: ImageBoxes,
): void {
  const label = textOf(object, 'name');
  const box = childOf(object, 'bndbox');
  const polygon = childOf(object, 'polygon');
  const ring = polygon && ringOf(polygon);
  const values = box ? cornersOf(box) : polygon ? (ring ? ringBox(ring) : NO_PAIRS) : null;
  const problem = label === '' ? 'the object has no name.' : typeof values === 'string' ? values : null;
  if (problem !== null) {
    boxes.skip((typeof values === 'string' ? (box ?? object) : object).line, problem);
    return;
  }
  const facts = factsOf(object, file, reading);
  if (polygon && !ring) reading.leave('polygon', '', 1, file);
  if (values !== null) {
    // An outline says where the object is more exactly.
    const mask = region && !ring && isOf(region, values as Box['values']) ? region.mask : undefined;
    if (region && !ring && !mask) reading.leave('mask', '', 1, file);
    const detail = { ...(ring && { polygons: [ring] }), ...(mask && { mask }), ...facts };
    const hasDetail = Object.keys(detail).length > 0;
    boxes.add({
      label,
      format: 'xywh-pixel',
      values: values as Box['values'],
      ...(hasDetail && { detail }),
    });
  } else boxes.leave('other-shape', childOf(object, 'robndbox') ? 'robndbox' : 'object without bndbox');
}

function isOf({ values: around }: Region, values: Box['values']): boolean {
  const shared = [0, 1].map((axis) => {
    const [start, end] = [
      Math.max(around[axis]!, values[axis]!),
      Math.min(around[axis]! + around[axis + 2]!, values[axis]! + values[axis + 2]!),
    ];
    return Math.max(0, end - start);
  });
  const both = shared[0]! * shared[1]!;
  return both / (around[2] * around[3] + values[2] * values[3] - both) >= SAME_OBJECT;
}

/**
 * The numbers as they are written, as datumaro, FiftyOne and torchvision take them. The devkit of 2007 counts pixels from
 * 1, nearly everybody who writes the format since does not, and no file says which.
 */
function cornersOf(box: XmlElement): Box['values'] | string {
  const [left, top, right, bottom] = CORNERS.map((name) => finite(textOf(box, name))) as Box['values'];
  const broken = CORNERS.find((name) => Number.isNaN(finite(textOf(box, name))));
  if (broken !== undefined) {
    const written = textOf(box, broken);
    return written === ''
      ? `the box has no ${broken}.`
      : `${broken} ${JSON.stringify(written)} is no number.`;
  }
  if (right < left) return `the box has a negative size: xmax ${right} is less than xmin ${left}.`;
  if (bottom < top) return `the box has a negative size: ymax ${bottom} is less than ymin ${top}.`;
  return [left, top, right - left, bottom - top];
}

const NO_PAIRS = 'the points of the polygon are not pairs of numbers.';

/** The points of a polygon, x1, y1, x2, y2 … as Roboflow writes it or with x and y each; null where they are none. */
function ringOf(polygon: XmlElement): number[] | null {
  const xs: number[] = [];
  const ys: number[] = [];
  const take = ({ name, text, children }: XmlElement): void => {
    if (/^x\d*$/.test(name)) xs.push(finite(text));
    else if (/^y\d*$/.test(name)) ys.push(finite(text));
    else children.forEach(take);
  };
  polygon.children.forEach(take);
  const ring = xs.flatMap((x, i) => [x, ys[i] ?? NaN]);
  return xs.length === ys.length && xs.length > 0 && ring.every(Number.isFinite) ? ring : null;
}

/** The attributes of an object that say something, and its score. Counts its parts and points. */
function factsOf(object: XmlElement, file: string, reading: Reading): Pick<Detail, 'attributes' | 'columns'> {
  const attributes: Record<string, unknown> = {};
  const columns: Record<string, unknown> = {};
  const attribute = (name: string, value: string): void => {
    if (!NOTHING.test(value)) attributes[name] = typed(value);
  };
  for (const { name, text, children } of object.children) {
    if (name === 'part') reading.leave('part', '', 1, file);
    else if (name === 'attributes')
      for (const one of children) attribute(textOf(one, 'name'), textOf(one, 'value'));
    else if (name === 'actions') for (const one of children) attribute(one.name, one.text);
    else if (SCORES.has(name)) columns['score'] = typed(text);
    else if (name === 'point') reading.leave('attribute', name, 1, file);
    else if (!NO_ATTRIBUTES.has(name)) attribute(name, text);
  }
  return {
    ...(Object.keys(attributes).length > 0 && { attributes }),
    ...(Object.keys(columns).length > 0 && { columns }),
  };
}
