import { pointsInPixels, type Box } from '../base/boxes.ts';
import { maskOf, maskPixels, maskRings, type Mask } from '../base/mask.ts';
import type { Size } from './fit-boxes.ts';

/** Previews are as large as a thumb: masks are drawn on so many pixels, outlines with so many points. */
const MOST_PIXELS_A_SIDE = 96;
const MOST_POINTS = 200;

/**
 * The outline of an object in parts of the picture's width and height, as rings of x, y, x, y …; empty where it has none.
 * Coarse, since it is looked at on a small picture.
 */
export function previewOutline(box: Box, picture: Size): number[][] {
  const { polygons, mask } = box.detail ?? {};
  if (polygons) return polygons.map((ring) => inParts(thinned(pointsInPixels(ring, box, picture)), picture));
  return mask ? ringsOf(mask) : [];
}

function ringsOf(mask: Mask): number[][] {
  const [height, width] = mask.size;
  const shrink = Math.max(1, Math.max(width, height) / MOST_PIXELS_A_SIDE);
  const small = { width: Math.ceil(width / shrink), height: Math.ceil(height / shrink) };
  const pixels = maskPixels(mask);
  const sampled = new Uint8Array(small.width * small.height);
  for (let y = 0; y < small.height; y++)
    for (let x = 0; x < small.width; x++) {
      const [px, py] = [x, y].map((at) => Math.floor((at + 0.5) * shrink)) as [number, number];
      sampled[y * small.width + x] = pixels[Math.min(py, height - 1) * width + Math.min(px, width - 1)]!;
    }
  const drawn = maskOf(sampled, [small.height, small.width], []);
  return maskRings(drawn).map((ring) => inParts(ring, small));
}

function inParts(ring: readonly number[], { width, height }: Size): number[] {
  return ring.map((value, i) => value / (i % 2 === 0 ? width : height));
}

/** A ring of at most so many points: every so many-th of them. */
function thinned(ring: readonly number[]): number[] {
  const step = Math.ceil(ring.length / 2 / MOST_POINTS);
  return step <= 1 ? [...ring] : ring.filter((_, i) => Math.floor(i / 2) % step === 0);
}
