import { matte, metal } from './materials.ts';
import { smoothstep } from '../imaging/noise.ts';
import type { Random } from '../imaging/random.ts';
import { capsule, dome, foldAngle, norm, plate, roundedBox, type Part } from './shape.ts';

/** Things of no class, as a failing generator might draw. */
export const STRANGERS: Record<string, (random: Random) => Part> = {
  button(random) {
    const holes = random.pick([2, 4]);
    return {
      materials: [
        matte(
          random,
          'plastic',
          random.pick([
            [0.5, 0.05, 0.1],
            [0.1, 0.2, 0.5],
            [0.7, 0.6, 0.4],
          ]),
          0.3,
        ),
      ],
      surface(out) {
        const { x, y } = out;
        const r = norm(x, y);
        const along = foldAngle(Math.atan2(y, x), holes) * 0.27;
        out.distance = Math.max(r - 1, 0.11 - norm(along, r - 0.27));
        out.height = plate(out.distance, 0.08, 0.12) - 0.1 * (1 - smoothstep(0.62, 0.72, r));
        out.material = 0;
      },
    };
  },
  capsule(random) {
    return {
      materials: [
        matte(
          random,
          'gelatine',
          random.pick([
            [0.65, 0.05, 0.05],
            [0.05, 0.35, 0.3],
            [0.7, 0.4, 0.02],
          ]),
          0.15,
        ),
        matte(random, 'gelatine', [0.75, 0.74, 0.7], 0.15),
      ],
      surface(out) {
        const { x, y } = out;
        out.distance = capsule(x, y, 0, -0.6, 0, 0.6, 0.38);
        out.height = dome(out.distance + 0.38, 0.38);
        out.material = y < 0 ? 0 : 1;
      },
    };
  },
  die(random) {
    const pips = 1 + random.integer(6);
    return {
      materials: [
        matte(
          random,
          'ivory',
          random.pick([
            [0.8, 0.77, 0.68],
            [0.55, 0.04, 0.05],
          ]),
          0.25,
        ),
        matte(random, 'ink', [0.03, 0.03, 0.04], 0.4),
      ],
      surface(out) {
        const { x, y } = out;
        out.distance = roundedBox(x, y, 0.75, 0.75, 0.16);
        out.height = plate(out.distance, 0.16, 0.16);
        const column = Math.round(x / 0.42);
        const row = Math.round(y / 0.42);
        const there = Math.abs(column) <= 1 && Math.abs(row) <= 1 && hasPip(pips, column, row);
        out.material = there && norm(x - column * 0.42, y - row * 0.42) < 0.14 ? 1 : 0;
      },
    };
  },
  leaf(random) {
    const width = random.uniform(0.42, 0.6);
    return {
      materials: [
        matte(
          random,
          'leaf',
          random.pick([
            [0.08, 0.3, 0.04],
            [0.45, 0.28, 0.03],
            [0.5, 0.1, 0.03],
          ]),
          0.5,
        ),
        matte(random, 'vein', [0.4, 0.42, 0.15], 0.6),
      ],
      surface(out) {
        const { x, y } = out;
        const side = Math.abs(x);
        const edge = width * Math.cos((Math.min(1, Math.max(-1, y)) * Math.PI) / 2) ** 0.8;
        const blade = Math.max(side - edge, Math.abs(y) - 1) * 0.8;
        out.distance = Math.min(blade, capsule(x, y, 0, 0.8, 0, 1.2, 0.03));
        const vein = Math.abs(((y + side * 0.8) * 5) % 1) < 0.12 || side < 0.025;
        out.height = 0.06 * Math.cos((side / width) * 2) + (vein ? 0.02 : 0);
        out.material = vein ? 1 : 0;
      },
    };
  },
  pencil(random) {
    return {
      materials: [
        matte(
          random,
          'paint',
          random.pick([
            [0.75, 0.4, 0.02],
            [0.05, 0.25, 0.12],
            [0.6, 0.04, 0.04],
          ]),
          0.3,
        ),
        matte(random, 'wood', [0.65, 0.42, 0.2], 0.7),
        matte(random, 'eraser', [0.7, 0.25, 0.25], 0.8),
        metal(random, ['brass']),
      ],
      surface(out) {
        const { x, y } = out;
        const width = y < 0.62 ? 0.16 : 0.16 * Math.max(0, (1 - y) / 0.38);
        out.distance = Math.max(Math.abs(x) - width, -1 - y, y - 1);
        out.height = 0.16 * (1 - Math.max(0, Math.abs(x) / 0.16 - 0.4) * 1.2);
        out.material = y < -0.84 ? 2 : y < -0.7 ? 3 : y < 0.62 ? 0 : y < 0.88 ? 1 : 0;
      },
    };
  },
  star(random) {
    return {
      materials: [matte(random, 'biscuit', [0.6, 0.34, 0.12], 0.9)],
      surface(out) {
        const { x, y } = out;
        const fold = Math.abs(foldAngle(Math.atan2(x, -y), 5)) / (Math.PI / 5);
        const reach = 1 - 0.42 * Math.min(1, fold * 1.25);
        out.distance = (norm(x, y) - reach) * 0.7;
        out.height = plate(out.distance, 0.25, 0.22);
        out.material = 0;
      },
    };
  },
};

function hasPip(pips: number, column: number, row: number): boolean {
  if (column === 0 && row === 0) return pips % 2 === 1;
  if (column === 0) return false;
  if (row === 0) return pips === 6;
  return pips >= 4 || (pips >= 2 && column === row);
}
