import type { ShownShape } from '../../rpc/contract/terms.ts';
import type { Box } from '../base/boxes.ts';
import { visibilityOf } from '../base/detail.ts';
import { maskRings } from '../base/mask.ts';

/** Where the object of a box is, for people to see: its outline, the border of its mask, its keypoints; null for none of them. */
export function shownShape(
  { detail }: Box,
  { width, height }: { width: number; height: number },
): ShownShape | null {
  const { polygons, mask, keypoints } = detail ?? {};
  if (!polygons && !mask && !keypoints) return null;
  return {
    rings: polygons ?? (mask ? scaled(maskRings(mask), width / mask.size[1], height / mask.size[0]) : []),
    keypoints: (keypoints ?? []).filter((point) => visibilityOf(point) > 0),
  };
}

/** A mask may be of the picture in another size. */
function scaled(rings: number[][], x: number, y: number): number[][] {
  return x === 1 && y === 1
    ? rings
    : rings.map((ring) => ring.map((value, i) => value * (i % 2 === 0 ? x : y)));
}
