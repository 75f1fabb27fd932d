import type { ReviewBox } from '../../../rpc/contract/reviews.ts';
import type { Size } from './viewport.ts';

/** A box in the image's pixels, from the top left. */
export interface PixelBox {
  x: number;
  y: number;
  width: number;
  height: number;
}

export type Corner = 'nw' | 'ne' | 'sw' | 'se';
const SMALLEST = 1;

/** Null for a format that this version does not know: such a box is neither drawn nor touched. */
export function pixelsOf(box: ReviewBox, image: Size): PixelBox | null {
  const [a, b, c, d] = box.values;
  if (box.format === 'xywh-pixel') return { x: a, y: b, width: c, height: d };
  if (box.format !== 'cxcywh-relative') return null;
  return {
    x: (a - c / 2) * image.width,
    y: (b - d / 2) * image.height,
    width: c * image.width,
    height: d * image.height,
  };
}

/** The box moved to `pixels`, in the format that it came in. The outline of its object no longer fits. */
export function withPixels(box: ReviewBox, pixels: PixelBox, image: Size): ReviewBox {
  const { x, y, width, height } = pixels;
  const values: ReviewBox['values'] =
    box.format === 'xywh-pixel'
      ? [x, y, width, height]
      : [
          (x + width / 2) / image.width,
          (y + height / 2) / image.height,
          width / image.width,
          height / image.height,
        ];
  return { ...withoutShape(box), ...(box.crowd && { crowd: true }), values };
}

/** The box alone, as an answer gives it: what is known of it besides stays with the core. */
export function withoutShape({ label, format, values, of }: ReviewBox): ReviewBox {
  return { label, format, values, ...(of && { of }) };
}

/** Moves a whole box, without leaving the image. */
export function moved(box: PixelBox, dx: number, dy: number, image: Size): PixelBox {
  return {
    ...box,
    x: between(box.x + dx, 0, image.width - box.width),
    y: between(box.y + dy, 0, image.height - box.height),
  };
}

/** Moves one corner; the opposite one stays, and at least a pixel remains between them. */
export function resized(box: PixelBox, corner: Corner, dx: number, dy: number, image: Size): PixelBox {
  const right = box.x + box.width;
  const bottom = box.y + box.height;
  const west = corner.endsWith('w');
  const north = corner.startsWith('n');
  const x = west ? between(box.x + dx, 0, right - SMALLEST) : box.x;
  const y = north ? between(box.y + dy, 0, bottom - SMALLEST) : box.y;
  return {
    x,
    y,
    width: (west ? right : between(right + dx, box.x + SMALLEST, image.width)) - x,
    height: (north ? bottom : between(bottom + dy, box.y + SMALLEST, image.height)) - y,
  };
}

/** A box between two points that were dragged apart, inside the image. */
export function spanned(ax: number, ay: number, bx: number, by: number, image: Size): PixelBox {
  const x = between(Math.min(ax, bx), 0, image.width - SMALLEST);
  const y = between(Math.min(ay, by), 0, image.height - SMALLEST);
  return {
    x,
    y,
    width: between(Math.max(ax, bx), x + SMALLEST, image.width) - x,
    height: between(Math.max(ay, by), y + SMALLEST, image.height) - y,
  };
}

function between(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}
