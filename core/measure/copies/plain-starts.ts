import type { Placement } from './placement.ts';
import type { Level } from './plate.ts';

/** Whole in eight orientations, as a crop of each corner and of the middle, and with a border. */
export function plainStarts(copy: Level, original: Level): Placement[] {
  const starts: Placement[] = [];
  for (let quarter = 0; quarter < 4; quarter++)
    for (const isMirrored of [false, true]) {
      const [cos, sin] = [
        [1, 0],
        [0, 1],
        [-1, 0],
        [0, -1],
      ][quarter]! as [number, number];
      const [width, height] = quarter % 2 ? [copy.height, copy.width] : [copy.width, copy.height];
      const whole = Math.sqrt((original.width * original.height) / (width * height));
      const add = (scale: number, dx: number, dy: number): void => {
        const s = whole * scale;
        starts.push({
          mirrored: isMirrored,
          a: s * cos,
          b: s * sin,
          tx: (dx * (original.width - s * width)) / 2,
          ty: (dy * (original.height - s * height)) / 2,
        });
      };
      add(1, 0, 0);
      add(0.86, 0, 0);
      add(1.12, 0, 0);
      for (const dx of [-1, 1]) for (const dy of [-1, 1]) add(0.78, dx * 0.8, dy * 0.8);
    }
  return starts;
}
