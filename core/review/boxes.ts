import type { BoxRow } from '../../db/queries/images.ts';
import type { Box } from '../base/boxes.ts';

/** Two boxes closer than this (intersection over union) are the same box drawn twice. */
const SAME_BOX = 0.5;

/** Boxes as the database has them, as the boxes they are. */
export function toBoxes(rows: BoxRow[]): Box[] {
  return rows.map((row) => ({
    label: row.label,
    format: row.format as Box['format'],
    values: [row.v0, row.v1, row.v2, row.v3],
  }));
}

/**
 * Whether two people drew the same boxes: as many, and each with a partner of its class whose intersection over union
 * is at least 0.5, the closest pairs first. Nobody draws the same corners twice.
 */
export function sameBoxes(a: Box[], b: Box[]): boolean {
  if (a.length !== b.length) return false;
  const pairs = a.flatMap((one, i) =>
    b.map((other, j) => ({ i, j, overlap: one.label === other.label ? overlapOf(one, other) : 0 })),
  );
  pairs.sort((x, y) => y.overlap - x.overlap || x.i - y.i || x.j - y.j);
  const left = new Set<number>();
  const right = new Set<number>();
  for (const { i, j, overlap } of pairs) {
    if (overlap < SAME_BOX) break;
    if (left.has(i) || right.has(j)) continue;
    left.add(i);
    right.add(j);
  }
  return left.size === a.length;
}

/** Intersection over union, 0..1; 0 for boxes in different units. */
function overlapOf(a: Box, b: Box): number {
  if (a.format !== b.format) return 0;
  const [left, top, right, bottom] = corners(a);
  const [otherLeft, otherTop, otherRight, otherBottom] = corners(b);
  const width = Math.min(right, otherRight) - Math.max(left, otherLeft);
  const height = Math.min(bottom, otherBottom) - Math.max(top, otherTop);
  const shared = Math.max(0, width) * Math.max(0, height);
  const all = a.values[2] * a.values[3] + b.values[2] * b.values[3] - shared;
  return all > 0 ? shared / all : 0;
}

function corners({ format, values: [x, y, w, h] }: Box): [number, number, number, number] {
  const [left, top] = format === 'cxcywh-relative' ? [x - w / 2, y - h / 2] : [x, y];
  return [left, top, left + w, top + h];
}
