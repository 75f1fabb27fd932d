import type { Box } from '../../base/boxes.ts';
import type { Detail } from '../../base/detail.ts';
import { ImageBoxes } from './image-boxes.ts';
import type { Reading } from './reading.ts';
import { textLines } from './text-lines.ts';
import { finite } from './xml.ts';

/** Columns without and with a score. */
const COLUMNS = [15, 16];
const DONT_CARE = /^dont_?care$/i;

/** Whether text begins a label file of KITTI: a name that is no number, and 14 or 15 numbers. */
export function isKitti(text: string): boolean {
  const parts = text.trimStart().split(/\r?\n/, 1)[0]!.trim().split(/\s+/);
  return (
    COLUMNS.includes(parts.length) &&
    Number.isNaN(finite(parts[0])) &&
    parts.slice(1).every((part) => !Number.isNaN(finite(part)))
  );
}

/**
 * Reads a label file of KITTI: class, truncated, occluded, alpha, left, top, right, bottom, then height, width, length,
 * x, y, z, rotation_y of a box in space, and perhaps a score. Regions to be ignored (DontCare) are counted
 * as left behind; a line with another number of columns, or a box of negative size, is skipped.
 */
export async function readKittiLines(file: string, reading: Reading): Promise<ImageBoxes> {
  const boxes = new ImageBoxes(reading, file);
  for await (const { line, text } of textLines(file, reading)) {
    const parts = text.trim().split(/\s+/);
    if (parts[0] === '') continue;
    const box = boxOf(parts);
    if (typeof box === 'string') {
      boxes.skip(line, box);
      continue;
    }
    if (DONT_CARE.test(box.label)) {
      boxes.leave('ignored', box.label);
      continue;
    }
    boxes.add(box);
  }
  return boxes;
}

/** The box of a line, or in a sentence why there is none. */
function boxOf(parts: string[]): Box | string {
  if (!COLUMNS.includes(parts.length)) return `expected 15 columns, or 16 with a score, not ${parts.length}.`;
  const broken = parts.slice(1).find((part) => Number.isNaN(finite(part)));
  if (broken !== undefined) return `${broken} is no number.`;
  const [left, top, right, bottom] = parts.slice(4, 8).map(Number) as Box['values'];
  if (right < left || bottom < top) return 'the box has a negative size.';
  const detail = detailOf(parts.map(Number));
  return {
    label: parts[0]!,
    format: 'xywh-pixel',
    values: [left, top, right - left, bottom - top],
    ...(detail && { detail }),
  };
}

/** The columns that say something. Unknown are 3 for occluded, -10 for alpha, -1 for all others. */
function detailOf(numbers: readonly number[]): Detail | undefined {
  const [, truncated, occluded, alpha] = numbers as [number, number, number, number];
  const space = numbers.slice(8, 15);
  const attributes = {
    ...(truncated > 0 && { truncated }),
    ...((occluded === 1 || occluded === 2) && { occluded }),
    ...(alpha !== 0 && alpha > -10 && { alpha }),
    // Height, width and length, the place, and the turn around the vertical of a box in space.
    ...(space.slice(0, 3).some((size) => size > 0) && {
      dimensions: space.slice(0, 3),
      location: space.slice(3, 6),
      rotation_y: space[6]!,
    }),
  };
  const hasAny = Object.keys(attributes).length > 0;
  const score = numbers[15];
  if (!hasAny && score === undefined) return undefined;
  return { ...(hasAny && { attributes }), ...(score !== undefined && { columns: { score } }) };
}
