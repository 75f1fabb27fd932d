import type { Picture } from '../canvas.ts';
import { fractalNoise } from '../noise.ts';
import type { Random } from '../random.ts';
import type { FaultFamily } from './define.ts';
import { busyPlace, seen } from './places.ts';
import { between, blurred, percent, redraw, sizeOf, toByte } from './tools.ts';

export const MELTED: FaultFamily = {
  id: 'melted',
  group: 'structure',
  title: 'Melted',
  apply(picture, random, strength) {
    const size = sizeOf(picture);
    const count = 1 + random.integer(1 + Math.round(2 * strength));
    const flow = Math.max(1, between(0.05, 0.16, strength) * size);
    const what = `melted in ${count === 1 ? 'one place' : `${count} places`}, by up to ${percent(flow / size)} of the size`;
    return seen(picture, () => {
      let melted = picture;
      for (let i = 0; i < count; i++) {
        const radius = Math.max(2, between(0.2, 0.36, strength) * size * random.uniform(0.8, 1.1));
        melted = melt(melted, random, radius, flow);
      }
      return { picture: melted, what };
    });
  },
};

/** Lets what lies around a busy place run down, in drips, and lose its detail. */
function melt(picture: Picture, random: Random, radius: number, flow: number): Picture {
  const { width, height } = picture;
  const middle = busyPlace(picture, random);
  const salt = random.integer(1 << 20);
  const drip = Math.max(1.5, 0.3 * radius);
  const heat = (x: number, y: number): number => {
    const far = ((x - middle.x) ** 2 + (y - middle.y) ** 2) / (radius * radius);
    return far >= 1 ? 0 : (1 - far) ** 2;
  };
  const run = redraw(picture, width, height, (x, y, at) => {
    const warm = heat(x, y);
    const down = warm === 0 ? 0 : 1.7 * fractalNoise(x / drip, (0.3 * y) / drip, salt, 2) - 0.35;
    const aside = warm === 0 ? 0 : fractalNoise((1.3 * x) / radius, (2.5 * y) / radius, salt + 7, 2) - 0.5;
    at[0] = x + 1.4 * flow * warm * aside;
    at[1] = y - flow * warm * down;
  });
  const soft = blurred(run, Math.max(0.5, 0.06 * radius));
  const rgb = run.rgb.map((level, i) => {
    const pixel = Math.floor(i / 3);
    const warm = heat(pixel % width, Math.floor(pixel / width));
    return warm === 0 ? level : toByte(level + 0.8 * Math.min(1, 2 * warm) * (soft.rgb[i]! - level));
  });
  return { width, height, rgb };
}
