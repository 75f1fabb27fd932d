import type { Picture } from '../../imaging/canvas.ts';
import { fractalNoise } from '../../imaging/noise.ts';
import { Random } from '../../imaging/random.ts';

/** A picture with places to recognise: discs of several colours on a shaded, grainy ground. The key decides everything. */
export function scene(key: number, width = 96, height = 96): Picture {
  const random = new Random(key, 'scene');
  const discs = Array.from({ length: 7 }, () => ({
    x: random.uniform(0.1, 0.9) * width,
    y: random.uniform(0.1, 0.9) * height,
    radius: random.uniform(0.06, 0.2) * Math.min(width, height),
    colour: [random.integer(256), random.integer(256), random.integer(256)],
  }));
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const disc = discs.findLast((each) => Math.hypot(x - each.x, y - each.y) < each.radius);
      for (let c = 0; c < 3; c++) {
        const grain = fractalNoise((9 * x) / width, (9 * y) / height, key * 7 + c, 4);
        const level = disc ? 0.75 * disc.colour[c]! + 60 * grain : 90 + (50 * y) / height + 90 * grain;
        rgb[to++] = Math.max(0, Math.min(255, Math.round(level)));
      }
    }
  return { width, height, rgb };
}
