import type { Alteration } from '../../../rpc/contract/alteration.ts';
import type { Level } from './plate.ts';
import type { Placement } from './placement.ts';

/** What was done but for what is written over it, which only the pixels say. */
export type Frame = Omit<Alteration, 'changed'>;

/** Part of a side by which a corner of the original may lie outside a copy that has a border all round. */
const SLACK = 0.015;
/** Part of the copy's area beyond the original from which there is a border. */
const LEAST_BORDER = 0.03;

/** What was done to an original's frame, from where its copy lies on it. */
export function alterationOf(copy: Level, original: Level, placement: Placement): Frame {
  const { mirrored, a, b, tx, ty } = placement;
  const square = a * a + b * b;
  // The placement leads from the copy to the original, so the copy is turned the other way.
  const degrees = (-Math.atan2(b, a) * 180) / Math.PI;
  let inside = 0;
  let isBordered = true;
  for (let y = 0; y < original.height; y++)
    for (let x = 0; x < original.width; x++) {
      const dx = x - (original.width - 1) / 2 - tx;
      const dy = y - (original.height - 1) / 2 - ty;
      const u = Math.abs((a * dx + b * dy) / square) / copy.width;
      const v = Math.abs((a * dy - b * dx) / square) / copy.height;
      if (u <= 0.5 && v <= 0.5) inside++;
      else if (u > 0.5 + SLACK || v > 0.5 + SLACK) isBordered = false;
    }
  const area = original.width * original.height;
  const beyond = 1 - inside / square / (copy.width * copy.height);
  return {
    mirrored,
    turned: degrees <= -179.95 ? 180 : Math.round(degrees * 10) / 10 + 0,
    cropped: Math.round((1 - Math.sqrt(inside / area)) * 1000) / 1000,
    bordered: isBordered && beyond >= LEAST_BORDER,
    onto: ontoOriginal(copy, original, placement),
  };
}

/** A placement, which is between pixels from the middle of each plate, between parts of the sides from their corner. */
function ontoOriginal(
  copy: Level,
  original: Level,
  { mirrored, a, b, tx, ty }: Placement,
): NonNullable<Alteration['onto']> {
  const across = (mirrored ? -1 : 1) * copy.width;
  const [m0, m1] = [(a * across) / original.width, (b * across) / original.height];
  const [m2, m3] = [(-b * copy.height) / original.width, (a * copy.height) / original.height];
  const m4 = 0.5 + tx / original.width - (m0 + m2) / 2;
  const m5 = 0.5 + ty / original.height - (m1 + m3) / 2;
  const rounded = (value: number): number => Math.round(value * 1e4) / 1e4 + 0;
  return [rounded(m0), rounded(m1), rounded(m2), rounded(m3), rounded(m4), rounded(m5)];
}
