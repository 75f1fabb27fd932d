import type { Box } from '../../base/boxes.ts';
import { ringBox } from '../../base/detail.ts';
import { maskBox, parseMask } from '../../base/mask.ts';
import { isRecord } from './untrusted.ts';

/** What a COCO `segmentation` is; null if there is nothing in it. */
export function kindOfShape(segmentation: unknown): 'polygon' | 'mask' | null {
  if (isRecord(segmentation)) return 'mask';
  if (!Array.isArray(segmentation)) return null;
  return segmentation.some((part) => !Array.isArray(part) || part.length > 0) ? 'polygon' : null;
}

/**
 * The rings of a `segmentation` that is a polygon, each x, y, x, y …; null if one of them has fewer than three points or
 * anything but numbers. Some writers nest points in pairs, or leave out the list of rings.
 */
export function polygonsIn(segmentation: unknown): number[][] | null {
  if (!Array.isArray(segmentation)) return null;
  const isFlat = segmentation.every((one) => typeof one === 'number');
  const isPaired = segmentation.every(
    (one) => Array.isArray(one) && one.length === 2 && one.every((x) => typeof x === 'number'),
  );
  const rings = (isFlat || isPaired ? [segmentation] : segmentation).filter(
    (ring: unknown) => !Array.isArray(ring) || ring.length > 0,
  ) as unknown[];
  const flat = rings.map((ring) => (Array.isArray(ring) ? (ring as unknown[]).flat(1) : []));
  return flat.every((ring) => around(ring) !== null) ? (flat as number[][]) : null;
}

/** The box around a `segmentation` of any of COCO's forms, as left, top, width, height; null if it cannot be read. */
export function boxOfShape(segmentation: unknown): Box['values'] | null {
  if (isRecord(segmentation)) {
    const mask = parseMask(segmentation);
    return mask && maskBox(mask);
  }
  // A polygon is a list of numbers, a shape a list of polygons; some writers nest points in pairs too.
  return Array.isArray(segmentation) ? around(segmentation.flat(2)) : null;
}

/** The box around points given as x, y, x, y, ...; null for fewer than three points or anything but numbers. */
function around(numbers: unknown[]): Box['values'] | null {
  if (numbers.length < 6 || numbers.length % 2 === 1) return null;
  const isRing = numbers.every((one) => typeof one === 'number' && Number.isFinite(one));
  return isRing ? ringBox(numbers as number[]) : null;
}

/** Whether a `segmentation` is one ring of four corners that may be those of a box. */
export function isCorners(value: unknown): boolean {
  const [ring, ...others] = Array.isArray(value) ? (value as unknown[]) : [];
  return others.length === 0 && Array.isArray(ring) && (ring.length === 8 || ring.length === 10);
}

/** Whether a `segmentation` is nothing but the four corners of the box, so that the box says it all. */
export function isRectangle(value: unknown, [x, y, width, height]: Box['values']): boolean {
  if (!Array.isArray(value) || value.length !== 1) return false;
  const numbers: unknown = value[0];
  if (!Array.isArray(numbers) || (numbers.length !== 8 && numbers.length !== 10)) return false;
  const near = (a: unknown, b: number): boolean =>
    typeof a === 'number' && Math.abs(a - b) <= 1e-6 * (1 + Math.abs(b));
  const corners = new Set<number>();
  for (let i = 0; i < numbers.length; i += 2) {
    const right = near(numbers[i], x + width);
    const bottom = near(numbers[i + 1], y + height);
    if (!(right || near(numbers[i], x)) || !(bottom || near(numbers[i + 1], y))) return false;
    corners.add((right ? 1 : 0) + (bottom ? 2 : 0));
  }
  // Both sides of a box that is thinner than the rounding are one.
  const sides = (from: number, size: number): number => (near(from, from + size) ? 1 : 2);
  return corners.size === sides(x, width) * sides(y, height);
}
