import { canvas, type Canvas } from '../imaging/canvas.ts';
import { fractalNoise, smoothstep, valueNoise } from '../imaging/noise.ts';
import type { Random } from '../imaging/random.ts';

type Colour = readonly [number, number, number];
/** Reflectance at a place in pixels, relative to the bench's colour: 1 leaves it unchanged. */
type Texture = (x: number, y: number) => number;

interface Bench {
  colours: readonly Colour[];
  texture: (random: Random, salt: number) => Texture;
}

const BENCHES = {
  'wooden bench': {
    colours: [
      [0.42, 0.24, 0.11],
      [0.55, 0.36, 0.18],
      [0.2, 0.1, 0.05],
    ],
    texture: (random, salt) => {
      const stretch = random.uniform(12, 30);
      const plank = random.uniform(50, 110);
      return (x, y) => {
        const warp = 3 * valueNoise(x / 40, y / 40, salt + 7);
        const grain = fractalNoise(x / stretch, y / 2.2 + warp, salt, 3);
        const seam = smoothstep(0, 1.6, Math.abs((((y + salt) % plank) + plank) % plank));
        return (0.75 + 0.5 * grain) * (0.6 + 0.4 * seam);
      };
    },
  },
  concrete: {
    colours: [
      [0.3, 0.29, 0.27],
      [0.42, 0.41, 0.39],
      [0.2, 0.21, 0.22],
    ],
    texture: (_, salt) => (x, y) => {
      const pit = valueNoise(x / 1.7, y / 1.7, salt + 3) > 0.93 ? 0.7 : 1;
      return (0.8 + 0.4 * fractalNoise(x / 22, y / 22, salt, 4)) * pit;
    },
  },
  cardboard: {
    colours: [
      [0.45, 0.3, 0.17],
      [0.52, 0.37, 0.22],
    ],
    texture: (random, salt) => {
      const flute = random.uniform(4.5, 7);
      return (x, y) =>
        0.82 + 0.05 * Math.sin((x * 2 * Math.PI) / flute) + 0.3 * fractalNoise(x / 9, y / 3, salt, 3);
    },
  },
  'cutting mat': {
    colours: [
      [0.03, 0.2, 0.13],
      [0.04, 0.12, 0.28],
      [0.1, 0.1, 0.11],
    ],
    texture: (random, salt) => {
      const cell = random.uniform(17, 26);
      return (x, y) => {
        const gx = Math.abs((x / cell) % 1);
        const gy = Math.abs((y / cell) % 1);
        const line = Math.min(gx, gy) * cell < 1 ? 1.6 : 1;
        return line * (0.8 + 0.4 * fractalNoise(x / 3, y / 3, salt, 2));
      };
    },
  },
  'plastic tray': {
    colours: [
      [0.55, 0.07, 0.05],
      [0.05, 0.15, 0.42],
      [0.6, 0.42, 0.04],
      [0.55, 0.56, 0.55],
    ],
    texture: (random, salt) => {
      const rib = random.uniform(20, 40);
      return (x, y) => {
        const wave = smoothstep(0.9, 0.99, Math.cos((x * 2 * Math.PI) / rib));
        return 0.85 + 0.25 * fractalNoise(x / 30, y / 30, salt, 2) - 0.3 * wave;
      };
    },
  },
  'steel sheet': {
    colours: [
      [0.4, 0.42, 0.44],
      [0.55, 0.55, 0.54],
    ],
    texture: (random, salt) => {
      const sheen = random.uniform(40, 90);
      return (x, y) =>
        0.6 + 0.35 * valueNoise(x / 60, y / 0.9, salt) + 0.4 * valueNoise(x / sheen, 0, salt + 1);
    },
  },
  'conveyor belt': {
    colours: [
      [0.05, 0.055, 0.06],
      [0.09, 0.1, 0.09],
    ],
    texture: (random, salt) => {
      const pitch = random.uniform(7, 12);
      return (x, y) => {
        const weave = Math.sin((x * 2 * Math.PI) / pitch) * Math.sin((y * 2 * Math.PI) / pitch);
        return 0.9 + 0.3 * weave + 0.5 * fractalNoise(x / 14, y / 14, salt, 3);
      };
    },
  },
} as const satisfies Record<string, Bench>;

export type BenchName = keyof typeof BENCHES;
export const BENCH_NAMES = Object.keys(BENCHES) as BenchName[];

/** Draws an empty bench, randomly rotated and shifted. */
export function paintBench(random: Random, name: BenchName, width: number, height: number): Canvas {
  const bench: Bench = BENCHES[name];
  const target = canvas(width, height);
  const salt = random.integer(1 << 20);
  const texture = bench.texture(random, salt);
  const base = random.pick(bench.colours);
  const level = Math.exp(0.12 * random.normal());
  const tint = base.map((value) => value * level * (1 + 0.06 * random.normal()));
  const angle = random.uniform(0, Math.PI);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const shiftX = random.uniform(200, 900);
  const shiftY = random.uniform(200, 900);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = texture(shiftX + x * cos - y * sin, shiftY + x * sin + y * cos);
      const at = (y * width + x) * 3;
      for (let c = 0; c < 3; c++) target.data[at + c] = tint[c]! * value;
    }
  }
  return target;
}
