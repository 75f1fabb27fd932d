// Dense patterns that fill the picture: many classes, no object, no background.
import type { Random } from '../../../imaging/random.ts';
import type { DrawnWorld } from './define.ts';

const SIZE = 112;

/** Smooth noise of about -1..1 at lattice points `cell` units apart, the same for the same key. */
function valueNoise(key: number): (x: number, y: number) => number {
  const at = (i: number, j: number): number => {
    let h = Math.imul(i, 374761393) ^ Math.imul(j, 668265263) ^ Math.imul(key, 2147483647);
    h = Math.imul(h ^ (h >>> 13), 1274126177);
    return ((h ^ (h >>> 16)) >>> 0) / 2147483648 - 1;
  };
  const ease = (t: number): number => t * t * (3 - 2 * t);
  return (x, y) => {
    const i = Math.floor(x);
    const j = Math.floor(y);
    const u = ease(x - i);
    const v = ease(y - j);
    const top = at(i, j) * (1 - u) + at(i + 1, j) * u;
    return top * (1 - v) + (at(i, j + 1) * (1 - u) + at(i + 1, j + 1) * u) * v;
  };
}

type Noise = (x: number, y: number) => number;
type Field = (x: number, y: number, noise: Noise) => number;

const turbulence = (noise: Noise, x: number, y: number): number =>
  noise(x, y) * 0.5 + noise(x * 2, y * 2) * 0.3 + noise(x * 4, y * 4) * 0.2;
const saw = (t: number): number => t - Math.floor(t);
/** Distances to the nearest and to the second nearest jittered lattice point. */
function cells(x: number, y: number, noise: Noise): [number, number] {
  let first = 9;
  let second = 9;
  for (let j = Math.floor(y) - 1; j <= Math.floor(y) + 1; j++)
    for (let i = Math.floor(x) - 1; i <= Math.floor(x) + 1; i++) {
      const d = Math.hypot(i + 0.5 + 0.45 * noise(i + 40, j) - x, j + 0.5 + 0.45 * noise(i, j + 40) - y);
      if (d < first) {
        second = first;
        first = d;
      } else if (d < second) second = d;
    }
  return [first, second];
}

/** Brightness 0..1 at a place, in units of about a tenth of the picture. */
const FIELDS: Record<string, Field> = {
  stripes: (x, y, n) => 0.5 + 0.5 * Math.sin(4 * x + 0.5 * n(x / 2, y / 2)),
  waves: (x, y, n) => 0.5 + 0.5 * Math.sin(4 * (y + 0.5 * Math.sin(1.3 * x)) + 0.4 * n(x, y)),
  checks: (x, y) => (Math.floor(x) + Math.floor(y)) & 1,
  tartan: (x, y) => 0.5 * (saw(x / 2) < 0.4 ? 1 : 0) + 0.5 * (saw(y / 2) < 0.4 ? 1 : 0),
  weave: (x, y) => {
    const over = (Math.floor(x) + Math.floor(y)) & 1;
    return Math.sin(Math.PI * saw(over === 1 ? x : y)) * (over === 1 ? 1 : 0.75);
  },
  bricks: (x, y, n) => {
    const row = Math.floor(y * 1.2);
    const mortar = saw(y * 1.2) < 0.14 || saw(x / 2 + 0.5 * (row & 1)) < 0.07;
    return mortar ? 0.9 : 0.35 + 0.2 * n(Math.floor(x / 2 + 0.5 * (row & 1)), row);
  },
  dots: (x, y) => (Math.hypot(saw(x) - 0.5, saw(y) - 0.5) < 0.3 ? 0.9 : 0.2),
  pebbles: (x, y, n) => 1 - cells(x, y, n)[0],
  cracks: (x, y, n) => {
    const [first, second] = cells(x * 0.7, y * 0.7, n);
    return second - first < 0.07 ? 0.1 : 0.75 + 0.15 * n(x * 3, y * 3);
  },
  honeycomb: (x, y) => {
    const row = Math.floor(y);
    const u = saw(x + 0.5 * (row & 1)) - 0.5;
    return Math.max(Math.abs(u), Math.abs(saw(y) - 0.5)) > 0.42 ? 0.15 : 0.8;
  },
  scales: (x, y) => {
    const row = Math.floor(y);
    return Math.hypot(saw(x + 0.5 * (row & 1)) - 0.5, saw(y)) % 0.55;
  },
  marble: (x, y, n) => 0.5 + 0.5 * Math.sin(2 * x + 5 * turbulence(n, x / 3, y / 3)),
  wood: (x, y, n) => saw(0.35 * Math.hypot(x + 4, 0.3 * y + 2) * 3 + 0.6 * turbulence(n, x / 4, y)),
  clouds: (x, y, n) => 0.5 + 0.6 * turbulence(n, x / 3, y / 3),
  camouflage: (x, y, n) => Math.floor(2 + 2.4 * turbulence(n, x / 2.5, y / 2.5)) / 3.4,
  herringbone: (x, y) => saw((Math.floor(x) & 1) === 0 ? x + y : y - x + 1) * 0.9,
};

export const patterns: DrawnWorld = {
  classes: Object.keys(FIELDS),
  size: SIZE,
  draw(name, generated, random: Random) {
    const noise = valueNoise(random.integer(1e6));
    const field = FIELDS[name]!;
    const zoom = random.uniform(6, 12) / SIZE;
    const angle = random.normal() * 0.2;
    const [cos, sin] = [Math.cos(angle) * zoom, Math.sin(angle) * zoom];
    const [dx, dy] = [random.uniform(0, 50), random.uniform(0, 50)];
    const colour = (): number[] => Array.from({ length: 3 }, () => random.uniform(0, 255));
    const [low, high] = [colour().map((c) => c * 0.55), colour().map((c) => 110 + c * 0.55)];
    const contrast = random.uniform(generated ? 0.8 : 0.55, 1);
    const slope = random.uniform(-0.3, 0.3);
    const rgb = new Uint8Array(SIZE * SIZE * 3);
    for (let y = 0; y < SIZE; y++)
      for (let x = 0; x < SIZE; x++) {
        const value = field(dx + x * cos - y * sin, dy + x * sin + y * cos, noise);
        const light = generated ? 1 : 1 + (slope * (x - SIZE / 2)) / SIZE;
        const t = 0.5 + contrast * (Math.min(1, Math.max(0, value)) - 0.5);
        for (let c = 0; c < 3; c++)
          rgb[(y * SIZE + x) * 3 + c] = Math.min(255, light * (low[c]! + (high[c]! - low[c]!) * t));
      }
    return rgb;
  },
};
