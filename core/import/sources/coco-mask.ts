import type { Box } from '../../base/boxes.ts';
import { isRecord } from './untrusted.ts';

/** What a COCO `segmentation` is; null if there is nothing in it. */
export function kindOfShape(segmentation: unknown): 'polygon' | 'mask' | null {
  if (isRecord(segmentation)) return 'mask';
  if (!Array.isArray(segmentation)) return null;
  return segmentation.some((part) => !Array.isArray(part) || part.length > 0) ? 'polygon' : null;
}

/** The box around a `segmentation` of any of COCO's forms, as left, top, width, height; null if it cannot be read. */
export function boxOfShape(segmentation: unknown): Box['values'] | null {
  if (isRecord(segmentation)) return boxOfMask(segmentation['size'], segmentation['counts']);
  // A polygon is a list of numbers, a shape a list of polygons; some writers nest points in pairs too.
  return Array.isArray(segmentation) ? around(segmentation.flat(2)) : null;
}

/** The box around points given as x, y, x, y, ...; null for fewer than three points or anything but numbers. */
function around(numbers: unknown[]): Box['values'] | null {
  if (numbers.length < 6 || numbers.length % 2 === 1) return null;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < numbers.length; i += 2) {
    const [x, y] = [numbers[i], numbers[i + 1]];
    if (typeof x !== 'number' || typeof y !== 'number' || !Number.isFinite(x + y)) return null;
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  return [left, top, right - left, bottom - top];
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
  return corners.size === 4;
}

/**
 * The box around a run-length mask: runs of 0 and 1 in turn, column by column, as a list or in COCO's compressed text.
 * Null if it is empty or broken.
 */
function boxOfMask(size: unknown, counts: unknown): Box['values'] | null {
  const runs = typeof counts === 'string' ? runsOfText(counts) : counts;
  if (!Array.isArray(size) || !Array.isArray(runs)) return null;
  const [height, width] = size as unknown[];
  if (!isCount(height) || !isCount(width) || height === 0) return null;
  let [left, top, right, bottom] = [Infinity, Infinity, -1, -1];
  let at = 0;
  for (const [i, run] of runs.entries()) {
    if (!isCount(run) || at + run > height * width) return null;
    if (i % 2 === 1 && run > 0) {
      const [first, last] = [at, at + run - 1];
      const [from, to] = [Math.floor(first / height), Math.floor(last / height)];
      [left, right] = [Math.min(left, from), Math.max(right, to)];
      // A run that goes on in the next column touches the bottom and the top.
      top = Math.min(top, from === to ? first % height : 0);
      bottom = Math.max(bottom, from === to ? last % height : height - 1);
    }
    at += run;
  }
  return right < 0 ? null : [left, top, right - left + 1, bottom - top + 1];
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/**
 * Runs from COCO's text: five bits per character from `0` on, the sixth says that more follow, the last one's fifth is
 * the sign; from the fourth run on, each is the difference to the last but one. Null if the text ends early.
 */
function runsOfText(text: string): number[] | null {
  const runs: number[] = [];
  for (let i = 0; i < text.length;) {
    let [value, shift, more] = [0, 0, true];
    while (more) {
      if (i === text.length || shift > 45) return null;
      const bits = text.charCodeAt(i++) - 48;
      if (bits < 0 || bits > 63) return null;
      value += (bits & 0x1f) * 2 ** shift;
      shift += 5;
      more = (bits & 0x20) !== 0;
      if (!more && (bits & 0x10) !== 0) value -= 2 ** shift;
    }
    runs.push(runs.length > 2 ? value + runs.at(-2)! : value);
  }
  return runs;
}
