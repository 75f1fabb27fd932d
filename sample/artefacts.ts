import { sampleBilinear, type Picture } from '../imaging/canvas.ts';
import { fractalNoise } from '../imaging/noise.ts';
import type { Random } from '../imaging/random.ts';

/** Maps a pixel of the garbled picture to the source of its colour in the sound one. */
type Displacement = (x: number, y: number) => readonly [number, number];

const ARTEFACTS: Record<string, (random: Random, width: number, height: number) => Displacement> = {
  torn(random, width, height) {
    const bands = 5 + random.integer(4);
    const shifts = Array.from({ length: bands }, () => random.uniform(-0.3, 0.3) * width);
    return (x, y) => [wrap(x + shifts[Math.floor((y * bands) / height)]!, width), y];
  },
  scrambled(random, width, height) {
    const side = 4;
    const order = random.shuffle(Array.from({ length: side * side }, (_, i) => i));
    const tileWidth = width / side;
    const tileHeight = height / side;
    return (x, y) => {
      const from = order[Math.floor(y / tileHeight) * side + Math.floor(x / tileWidth)]!;
      return [
        (x % tileWidth) + (from % side) * tileWidth,
        (y % tileHeight) + Math.floor(from / side) * tileHeight,
      ];
    };
  },
  duplicated(random, width, height) {
    const period = random.uniform(0.28, 0.42) * width;
    const stagger = random.uniform(-0.3, 0.3) * period;
    const left = width / 2 - period / 2;
    const top = height / 2 - period / 2 + random.uniform(-0.1, 0.1) * height;
    return (x, y) => [left + wrap(x + Math.floor(y / period) * stagger, period), top + wrap(y, period)];
  },
  melted(random, _, height) {
    const line = height * random.uniform(0.3, 0.45);
    const salt = random.integer(1 << 20);
    return (x, y) => {
      const drip = fractalNoise(x / 9, 0, salt, 2);
      return [x, y < line ? y : line + (y - line) * Math.max(0.05, 0.75 - drip * 1.1)];
    };
  },
  warped(random, width) {
    const salt = random.integer(1 << 20);
    const strength = width * random.uniform(0.4, 0.6);
    const grain = width * random.uniform(0.12, 0.18);
    return (x, y) => [
      x + strength * (fractalNoise(x / grain, y / grain, salt, 2) - 0.5),
      y + strength * (fractalNoise(x / grain, y / grain, salt + 9, 2) - 0.5),
    ];
  },
};

export const ARTEFACT_NAMES = Object.keys(ARTEFACTS);

/** Returns a copy of the picture, garbled by one of `ARTEFACT_NAMES`. */
export function garble(picture: Picture, random: Random, name: string): Picture {
  const { width, height } = picture;
  const displacement = ARTEFACTS[name]!(random, width, height);
  const rgb = new Uint8Array(picture.rgb.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [sx, sy] = displacement(x, y);
      for (let c = 0; c < 3; c++) rgb[(y * width + x) * 3 + c] = sampleBilinear(picture, sx, sy, c);
    }
  }
  return { width, height, rgb };
}

/** Returns a slightly different copy: shifted by a pixel or two, brighter or darker, coarser grained. */
export function nearCopy(picture: Picture, random: Random): Picture {
  const { width, height } = picture;
  const shiftX = random.uniform(-1.2, 1.2);
  const shiftY = random.uniform(-1.2, 1.2);
  const gain = random.uniform(0.96, 1.04);
  const rgb = new Uint8Array(picture.rgb.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) {
        const value = sampleBilinear(picture, x + shiftX, y + shiftY, c) * gain + 1.2 * random.grain();
        rgb[(y * width + x) * 3 + c] = Math.min(255, Math.max(0, Math.round(value)));
      }
    }
  }
  return { width, height, rgb };
}

function wrap(value: number, period: number): number {
  return value - period * Math.floor(value / period);
}
