import type { Box } from '../../base/boxes.ts';
import { cleanName } from '../../base/class-name.ts';
import { ringBox, type Detail } from '../../base/detail.ts';
import { eachSet, maskBox, maskOf, MOST_PIXELS } from '../../base/mask.ts';
import type { ImageBoxes } from './image-boxes.ts';
import type { Reading } from './reading.ts';
import { finite, textOf, typed, type XmlElement } from './xml.ts';

const CORNERS = ['xtl', 'ytl', 'xbr', 'ybr'] as const;
const NO_BOX = new Set(['polyline', 'points', 'cuboid', 'ellipse', 'skeleton', 'polygon3d', 'cuboid3d']);

const BOXED = new Set(['box', 'polygon', 'mask']);

/** Whether an element of CVAT is a shape. */
export function isShape({ name }: XmlElement): boolean {
  return BOXED.has(name) || NO_BOX.has(name);
}

/** What is known of an image or a track around a shape. */
interface Surroundings {
  /** Width and height of the image, as stated. */
  size: { width: number; height: number } | null;
  reading: Reading;
  /** That of the shape. */
  file: string;
  /** Label and number of its track, if it is in one. */
  track?: { label: string; id: string | undefined };
}

/**
 * Adds the object of a shape of CVAT: a box by its corners, one around a polygon or mask, with what else is known of it.
 * Counts shapes that give no box; a faulty one is left out.
 */
export function addShape(shape: XmlElement, boxes: ImageBoxes, of: Surroundings): void {
  const { size, track, reading, file } = of;
  const { name, line, attributes } = shape;
  if (NO_BOX.has(name)) {
    if (name === 'skeleton' || name === 'points') boxes.leave('keypoints');
    else boxes.leave('other-shape', name);
    return;
  }
  const label = track?.label ?? attributes['label'] ?? '';
  const drawn = cleanName(label) === '' ? `the ${name} has no label.` : drawnOf(shape, size);
  if (typeof drawn === 'string') {
    boxes.skip(line, drawn);
    return;
  }
  const { values, ...outline } = drawn;
  // Without the size of its image a mask has no place.
  if (name === 'mask' && !outline.mask) reading.leave('mask', '', 1, file);
  const facts = factsOf(shape);
  const number = track && { track_id: typed(track.id ?? '') };
  const detail: Detail = {
    ...outline,
    ...(facts && { attributes: facts }),
    ...(number && { columns: number }),
  };
  const hasDetail = Object.keys(detail).length > 0;
  boxes.add({ label, format: 'xywh-pixel', values, ...(hasDetail && { detail }) });
}

type Drawn = { values: Box['values'] } & Pick<Detail, 'polygons' | 'mask'>;

function drawnOf(shape: XmlElement, size: Surroundings['size']): Drawn | string {
  if (shape.name === 'mask') return maskOfShape(shape, size);
  if (shape.name === 'box') {
    const values = cornersOf(shape);
    return typeof values === 'string' ? values : { values };
  }
  const ring = ringOf(shape);
  return typeof ring === 'string' ? ring : { values: ringBox(ring), polygons: [ring] };
}

/** A mask: runs of 0 and 1 in turn, row by row, in a frame of its own. */
function maskOfShape({ attributes }: XmlElement, size: Surroundings['size']): Drawn | string {
  const [left, top, width, height] = ['left', 'top', 'width', 'height'].map((name) =>
    finite(attributes[name]),
  ) as Box['values'];
  const runs = (attributes['rle'] ?? '').split(',').map((run) => finite(run.trim()));
  const sum = runs.reduce((total, run) => total + run, 0);
  if (
    ![left, top, width, height, ...runs].every((value) => Number.isInteger(value) && value >= 0) ||
    sum !== width * height
  )
    return 'the runs of the mask do not fill its frame.';
  if (!size) return { values: [left, top, width, height] };
  if (size.width * size.height > MOST_PIXELS) return 'the image states a size that no picture has.';
  if (left + width > size.width || top + height > size.height) return 'the mask goes beyond its image.';
  const pixels = new Uint8Array(size.width * size.height);
  eachSet(runs, (k) => (pixels[(top + Math.floor(k / width)) * size.width + left + (k % width)] = 1));
  const mask = maskOf(pixels, [size.height, size.width], '');
  return { values: maskBox(mask) ?? [left, top, width, height], mask };
}

/** What CVAT says of a shape besides, by the names that its export to COCO has; undefined where that is nothing. */
function factsOf({ attributes, children }: XmlElement): Record<string, unknown> | undefined {
  const { rotation, occluded, group_id: group, z_order: order } = attributes;
  const turn = rotation === undefined ? 0 : finite(rotation);
  const facts: Record<string, unknown> = {
    ...(turn % 360 !== 0 && { rotation: turn }),
    ...(occluded === '1' && { occluded: true }),
    ...(group !== undefined && group !== '0' && { group_id: typed(group) }),
    ...(order !== undefined && order !== '0' && { z_order: typed(order) }),
  };
  for (const { name, attributes: of, text } of children)
    if (name === 'attribute' && !NO_VALUE.test(text)) facts[of['name'] ?? ''] = text;
  return Object.keys(facts).length > 0 ? facts : undefined;
}

const NO_VALUE = /^(?:|false|__undefined__)$/;

/** Counts the attributes of a tag that say something. */
export function leaveAttributes({ children }: XmlElement, file: string, reading: Reading): void {
  for (const { name, attributes, text } of children)
    if (name === 'attribute' && !NO_VALUE.test(text))
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

/** Points that are written as `x,y;x,y`, or in a sentence why they are none. */
function ringOf({ attributes }: XmlElement): number[] | string {
  const points = (attributes['points'] ?? '').split(';').map((pair) => pair.split(',').map(finite));
  if (points.some((pair) => pair.length !== 2 || pair.some(Number.isNaN)))
    return 'the points of the polygon are not pairs of numbers.';
  return points.flat();
}
