import type { Box } from '../../base/boxes.ts';
import { cleanName } from '../../base/class-name.ts';
import type { ImageBoxes } from './image-boxes.ts';
import type { Reading } from './reading.ts';
import { finite, textOf, type XmlElement } from './xml.ts';

const CORNERS = ['xtl', 'ytl', 'xbr', 'ybr'] as const;
const NO_BOX = new Set([
  'polyline',
  'points',
  'mask',
  'cuboid',
  'ellipse',
  'skeleton',
  'polygon3d',
  'cuboid3d',
]);

/** Whether an element of CVAT is a shape. */
export function isShape({ name }: XmlElement): boolean {
  return name === 'box' || name === 'polygon' || NO_BOX.has(name);
}

/**
 * Adds the box of a shape of CVAT: its corners, or those around a polygon; none where it is no box or is faulty. Counts
 * all that is no box. `label` is that of its track, if it is in one.
 */
export function addShape(
  shape: XmlElement,
  file: string,
  reading: Reading,
  boxes: ImageBoxes,
  label = shape.attributes['label'] ?? '',
): void {
  if (NO_BOX.has(shape.name)) {
    if (shape.name === 'mask') boxes.leave('mask');
    else if (shape.name === 'skeleton' || shape.name === 'points') boxes.leave('keypoints');
    else boxes.leave('other-shape', shape.name);
    return;
  }
  const values = shape.name === 'box' ? cornersOf(shape) : around(shape);
  const problem = cleanName(label) === '' ? `the ${shape.name} has no label.` : values;
  if (typeof problem === 'string') {
    boxes.skip(shape.line, problem);
    return;
  }
  if (shape.name === 'polygon') reading.leave('polygon', '', 1, file);
  const { rotation, occluded, group_id: group } = shape.attributes;
  if (finite(rotation) % 360 !== 0 && rotation !== undefined) reading.leave('rotation', '', 1, file);
  if (occluded === '1') reading.leave('attribute', 'occluded', 1, file);
  if (group !== undefined && group !== '0') reading.leave('attribute', 'group_id', 1, file);
  leaveAttributes(shape, file, reading);
  boxes.add({ label, format: 'xywh-pixel', values: problem });
}

/** Counts the attributes of a shape or tag that say something. */
export function leaveAttributes({ children }: XmlElement, file: string, reading: Reading): void {
  for (const { name, attributes, text } of children)
    if (name === 'attribute' && !/^(?:|false|__undefined__)$/.test(text))
      reading.leave('attribute', attributes['name'] ?? '', 1, file);
}

/** The declared class names of CVAT's `meta`, in its order, without the parts of skeletons. */
export function classesOf(meta: XmlElement): string[] {
  const own = meta.name === 'label' && textOf(meta, 'parent') === '' ? [textOf(meta, 'name')] : [];
  const inner = meta.name === 'label' ? [] : meta.children.flatMap(classesOf);
  return [...new Set([...own, ...inner])].filter((name) => name !== '');
}

function cornersOf({ attributes }: XmlElement): Box['values'] | string {
  const broken = CORNERS.find((name) => Number.isNaN(finite(attributes[name])));
  if (broken !== undefined)
    return attributes[broken] === undefined
      ? `the box has no ${broken}.`
      : `${broken} ${JSON.stringify(attributes[broken])} is no number.`;
  const [left, top, right, bottom] = CORNERS.map((name) => Number(attributes[name])) as Box['values'];
  if (right < left || bottom < top) return 'the box has a negative size.';
  return [left, top, right - left, bottom - top];
}

/** The box around points that are written as `x,y;x,y`. */
function around({ attributes }: XmlElement): Box['values'] | string {
  const points = (attributes['points'] ?? '').split(';').map((pair) => pair.split(',').map(finite));
  if (points.some((pair) => pair.length !== 2 || pair.some(Number.isNaN)))
    return 'the points of the polygon are not pairs of numbers.';
  const [xs, ys] = [points.map(([x]) => x!), points.map(([, y]) => y!)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return [left, top, Math.max(...xs) - left, Math.max(...ys) - top];
}
