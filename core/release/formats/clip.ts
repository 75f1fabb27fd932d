import { toPixels, type Box } from '../../base/boxes.ts';
import { lossLine, type ExportItem, type LossCounter } from './define.ts';

type Extent = Pick<ExportItem, 'width' | 'height'>;

/**
 * The part of a box that is inside its image of `width` x `height` pixels, in the box's own format; the very same object
 * if all of it is. Null if nothing is: it has no or a negative size, or lies outside. Readers of boxes beyond the border
 * drop the image, or train on it.
 */
export function clipBox(box: Box, { width, height }: Extent): Box | null {
  const [a, b, w, h] = box.values;
  if (!(w > 0 && h > 0)) return null;
  const isPixels = box.format === 'xywh-pixel';
  const [across, down] = isPixels ? [width, height] : [1, 1];
  const x = clipSide(isPixels ? a : a - w / 2, w, across);
  const y = clipSide(isPixels ? b : b - h / 2, h, down);
  if (!x || !y) return null;
  if (!x.cut && !y.cut) return box;
  const values: Box['values'] = isPixels
    ? [x.start, y.start, x.size, y.size]
    : [x.start + x.size / 2, y.start + y.size / 2, x.size, y.size];
  // A side that fits keeps its numbers to the last bit.
  if (!x.cut) [values[0], values[2]] = [a, w];
  if (!y.cut) [values[1], values[3]] = [b, h];
  return { ...box, values };
}

/** A cut of less, in pixels, comes from the arithmetic. */
const LEAST_CUT = 1e-6;

/** Counts the boxes that `clipBox` changes, and those of which it leaves nothing. */
export class ClipCounter implements LossCounter {
  readonly #aftermath: string;
  #cut = 0;
  #gone = 0;

  /** `aftermath`: what becomes of a box as it was, behind a comma or semicolon; '' if it is lost. */
  constructor(aftermath = '') {
    this.#aftermath = aftermath;
  }

  add(item: ExportItem): void {
    const { width, height } = item;
    for (const box of item.boxes ?? []) {
      const clipped = clipBox(box, item);
      if (!clipped) this.#gone += 1;
      else if (clipped !== box) {
        const [before, after] = [toPixels(box, width, height), toPixels(clipped, width, height)];
        if (before.some((value, i) => Math.abs(value - after[i]!) > LEAST_CUT)) this.#cut += 1;
      }
    }
  }

  result(): string[] {
    return [
      ...lossLine(
        this.#cut,
        'box that goes beyond its image: clipped',
        'boxes that go beyond their image: clipped',
        this.#aftermath,
      ),
      ...lossLine(
        this.#gone,
        'box without a part inside its image, or without a size: left out',
        'boxes without a part inside their image, or without a size: left out',
        '',
      ),
    ];
  }
}

function clipSide(
  start: number,
  size: number,
  limit: number,
): { start: number; size: number; cut: boolean } | null {
  const end = start + size;
  if (start >= limit || end <= 0) return null;
  if (start >= 0 && end <= limit) return { start, size, cut: false };
  const from = Math.max(0, start);
  return { start: from, size: Math.min(limit, end) - from, cut: true };
}
