// Faults of the whole picture: its focus, exposure, grain and storage.
import { averageArea } from '../area.ts';
import { resize, type Picture } from '../canvas.ts';
import type { FaultFamily, Faulty } from './define.ts';
import { grainy } from './grain.ts';
import { saved } from './jpeg.ts';
import { between, blurred, mapLevels, percent, pixels, sizeOf, toByte } from './tools.ts';

const whole = (picture: Picture, what: string): Faulty => ({ picture, mask: null, what });

/** A share of the size, but at least so many pixels that a tiny picture suffers too. */
function reach(picture: Picture, share: number, least: number): number {
  return Math.max(share * sizeOf(picture), least);
}

/** Levels after the light is doubled `stops` times: to linear light and back, by sRGB's curve. */
function exposed(picture: Picture, stops: number): Picture {
  const gain = 2 ** stops;
  return mapLevels(picture, (level) => {
    const value = level / 255;
    const light = gain * (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 255 * (light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055);
  });
}

const blur: FaultFamily = {
  id: 'blur',
  group: 'pixels',
  title: 'Out of focus',
  apply(picture, _, strength) {
    const sigma = reach(picture, between(0.008, 0.035, strength), between(0.7, 1.4, strength));
    const share = percent(sigma / sizeOf(picture));
    return whole(blurred(picture, sigma), `blurred, sigma ${pixels(sigma)} (${share} of the size)`);
  },
};

/** Mean of copies that are moved along a line about the middle; beyond the border the border is repeated. */
function smeared(picture: Picture, dx: number, dy: number, length: number): Picture {
  const { width, height, rgb } = picture;
  const steps = Math.min(48, length);
  const sums = new Float32Array(rgb.length);
  for (let step = 0; step < steps; step++) {
    const along = step / (steps - 1) - 0.5;
    const left = Math.floor(dx * along);
    const top = Math.floor(dy * along);
    const u = dx * along - left;
    const v = dy * along - top;
    for (let y = 0, to = 0; y < height; y++) {
      const above = inside(y + top, height) * width;
      const below = inside(y + top + 1, height) * width;
      for (let x = 0; x < width; x++) {
        const from = inside(x + left, width);
        const next = inside(x + left + 1, width);
        for (let c = 0; c < 3; c++) {
          const upper = rgb[(above + from) * 3 + c]! * (1 - u) + rgb[(above + next) * 3 + c]! * u;
          const lower = rgb[(below + from) * 3 + c]! * (1 - u) + rgb[(below + next) * 3 + c]! * u;
          sums[to++]! += upper * (1 - v) + lower * v;
        }
      }
    }
  }
  return { width, height, rgb: Uint8Array.from(sums, (sum) => Math.round(sum / steps)) };
}

function inside(index: number, length: number): number {
  return index < 0 ? 0 : index >= length ? length - 1 : index;
}

const motion: FaultFamily = {
  id: 'motion',
  group: 'pixels',
  title: 'Moved while exposed',
  apply(picture, random, strength) {
    const length = reach(picture, between(0.03, 0.14, strength), between(2, 5, strength));
    const angle = random.uniform(0, Math.PI);
    const moved = smeared(picture, length * Math.cos(angle), length * Math.sin(angle), Math.ceil(length) + 1);
    const degrees = Math.round((angle * 180) / Math.PI);
    return whole(moved, `moved by ${pixels(length)} at ${degrees}°`);
  },
};

const dark: FaultFamily = {
  id: 'dark',
  group: 'pixels',
  title: 'Too dark',
  apply(picture, random, strength) {
    const stops = between(2, 5, strength);
    const noise = between(1, 3, strength);
    const what = `${stops.toFixed(1)} stops too dark`;
    return whole(grainy(exposed(picture, -stops), random, noise), what);
  },
};

const bright: FaultFamily = {
  id: 'bright',
  group: 'pixels',
  title: 'Too bright',
  apply(picture, _, strength) {
    const stops = between(1, 3, strength);
    return whole(exposed(picture, stops), `${stops.toFixed(1)} stops too bright`);
  },
};

const noise: FaultFamily = {
  id: 'noise',
  group: 'pixels',
  title: 'Noisy',
  apply(picture, random, strength) {
    const deviation = between(12, 55, strength);
    return whole(grainy(picture, random, deviation), `noise of ${Math.round(deviation)} levels`);
  },
};

const banding: FaultFamily = {
  id: 'banding',
  group: 'pixels',
  title: 'Smooth shades in steps',
  apply(picture, random, strength) {
    const levels = Math.round(between(12, 4, strength));
    const step = 255 / (levels - 1);
    // Where the steps lie is chance, as it is where they come from a palette.
    const offset = random.uniform(0, step);
    const { width, height, rgb } = picture;
    const banded = { width, height, rgb: new Uint8Array(rgb.length) };
    for (let i = 0; i < rgb.length; i += 3) {
      const luma = 0.299 * rgb[i]! + 0.587 * rgb[i + 1]! + 0.114 * rgb[i + 2]!;
      // Brightness moves to the nearest step and takes the colour with it: channels apart would change the hue.
      const move = Math.round((luma - offset) / step) * step + offset - luma;
      for (let c = 0; c < 3; c++) banded.rgb[i + c] = toByte(rgb[i + c]! + move);
    }
    return whole(banded, `shades in ${levels} steps`);
  },
};

const jpegBlocks: FaultFamily = {
  id: 'jpeg-blocks',
  group: 'pixels',
  title: 'Blocks of a poor JPEG',
  async apply(picture, _, strength) {
    // Of tiny pictures, a handful of blocks, less quality than this leaves nothing.
    const spared = 8 * Math.max(0, 1 - sizeOf(picture) / 128);
    const quality = Math.round(between(14, 2, strength) + spared);
    const { width, height } = picture;
    // Large pictures were small when they were saved so badly: blocks of 8 px in 1,000 would not be seen.
    const factor = Math.max(1, Math.round(sizeOf(picture) / 256));
    const w = Math.ceil(width / factor);
    const h = Math.ceil(height / factor);
    const small = { width: w, height: h, rgb: averageArea(picture.rgb, width, height, w, h) };
    const shown = resize(await saved(small, 'jpeg', quality), width, height);
    return whole(shown, `a JPEG of quality ${quality}, blocks of ${8 * factor} px`);
  },
};

export const PIXELS = [blur, motion, dark, bright, noise, banding, jpegBlocks];
