// Copies with other colours, other storage or less detail, pixel on pixel.
import type { Picture } from '../canvas.ts';
import type { FaultFamily, Faulty } from './define.ts';
import { grainy } from './grain.ts';
import { saved } from './jpeg.ts';
import {
  between,
  blurred,
  eitherWay,
  mapLevels,
  meanLuma,
  percent,
  pixels,
  sizeOf,
  toByte,
} from './tools.ts';

const copy = (picture: Picture, what: string): Faulty => ({ picture, mask: null, what });

const reencode: FaultFamily = {
  id: 'reencode',
  group: 'copy',
  title: 'Saved again with loss',
  async apply(picture, random, strength) {
    const quality = Math.round(between(90, 30, strength));
    const format = random.chance(0.75) ? 'jpeg' : 'webp';
    const name = format === 'jpeg' ? 'JPEG' : 'WebP';
    return copy(await saved(picture, format, quality), `saved as ${name} of quality ${quality}`);
  },
};

const brightness: FaultFamily = {
  id: 'brightness',
  group: 'copy',
  title: 'Brighter or darker',
  apply(picture, random, strength) {
    const change = eitherWay(random, between(0.06, 0.4, strength));
    const what = `${percent(Math.abs(change))} ${change > 0 ? 'brighter' : 'darker'}`;
    return copy(
      mapLevels(picture, (level) => level * (1 + change)),
      what,
    );
  },
};

const contrast: FaultFamily = {
  id: 'contrast',
  group: 'copy',
  title: 'More or less contrast',
  apply(picture, random, strength) {
    const change = eitherWay(random, between(0.1, 0.5, strength));
    const middle = meanLuma(picture);
    const what = `${percent(Math.abs(change))} ${change > 0 ? 'more' : 'less'} contrast`;
    return copy(
      mapLevels(picture, (level) => middle + (level - middle) * (1 + change)),
      what,
    );
  },
};

const hue: FaultFamily = {
  id: 'hue',
  group: 'copy',
  title: 'Other colours',
  apply(picture, random, strength) {
    const degrees = eitherWay(random, between(8, 60, strength));
    return copy(turnedColours(picture, degrees), `colours turned by ${Math.round(degrees)}°`);
  },
};

/** Turns colours about the grey axis of the RGB cube, which keeps greys. */
function turnedColours({ width, height, rgb: from }: Picture, degrees: number): Picture {
  const angle = (degrees * Math.PI) / 180;
  const own = (1 + 2 * Math.cos(angle)) / 3;
  const next = (1 - Math.cos(angle)) / 3 - Math.sin(angle) / Math.sqrt(3);
  const last = (1 - Math.cos(angle)) / 3 + Math.sin(angle) / Math.sqrt(3);
  const rgb = new Uint8Array(from.length);
  for (let i = 0; i < rgb.length; i += 3) {
    const r = from[i]!;
    const g = from[i + 1]!;
    const b = from[i + 2]!;
    rgb[i] = toByte(own * r + next * g + last * b);
    rgb[i + 1] = toByte(last * r + own * g + next * b);
    rgb[i + 2] = toByte(next * r + last * g + own * b);
  }
  return { width, height, rgb };
}

const copyBlur: FaultFamily = {
  id: 'copy-blur',
  group: 'copy',
  title: 'A little blurred',
  apply(picture, _, strength) {
    const sigma = Math.max(between(0.003, 0.014, strength) * sizeOf(picture), between(0.4, 0.8, strength));
    return copy(blurred(picture, sigma), `blurred, sigma ${pixels(sigma)}`);
  },
};

const copyNoise: FaultFamily = {
  id: 'copy-noise',
  group: 'copy',
  title: 'A little noisy',
  apply(picture, random, strength) {
    const deviation = between(2, 16, strength);
    return copy(grainy(picture, random, deviation), `noise of ${Math.round(deviation)} levels`);
  },
};

export const LOOKS = [reencode, brightness, contrast, hue, copyBlur, copyNoise];
