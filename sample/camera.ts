import { blur, type Canvas, type Picture } from '../imaging/canvas.ts';
import type { Random } from '../imaging/random.ts';

/** How a picture is made; the two leave different traces, like real ones. */
export type Origin = 'camera' | 'generator';

export interface Exposure {
  /** Standard deviation of the lens blur, pixels. */
  blurSigma: number;
  /** Factor on all light after metering: 1 is a proper exposure. */
  exposure: number;
}

/** The end of `BYTES`: linear light 4. */
const MOST_LIGHT = 4 * 4096;
/** Byte values of linear light in steps of 1/4096: the shoulder, then the sRGB curve. */
const BYTES = Uint8Array.from({ length: MOST_LIGHT + 1 }, (_, i) => {
  const value = shoulder(i / 4096);
  return Math.round(255 * (value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055));
});

/**
 * Turns light into bytes. A camera adds white-balance error, vignetting and shot noise. The generator has its own
 * palette (teal shadows, warm lights, more saturation), hardly any noise, and the faint 8-pixel grid of its decoder.
 */
export function develop(scene: Canvas, random: Random, origin: Origin, how: Exposure): Picture {
  blur(scene, how.blurSigma);
  const { width, height } = scene;
  const metering = Math.max(1, LEAST_HIGHLIGHT / highlight(scene));
  const camera = origin === 'camera';
  const film: Film = {
    exposure: how.exposure * metering,
    balance: camera ? [1 + 0.05 * random.normal(), 1, 1 + 0.07 * random.normal()] : null,
    vignette: camera ? random.uniform(0.05, 0.3) : random.uniform(0.15, 0.4),
    shotNoise: camera ? random.uniform(0.008, 0.022) : 0.003,
    readNoise: camera ? random.uniform(0.001, 0.004) : 0.0008,
    saturation: camera ? random.uniform(0.9, 1.05) : random.uniform(1.05, 1.18),
  };
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) developRow(scene, rgb, random, film, y);
  return { width, height, rgb };
}

/** Linear light under which the lights of a scene make its meter ask for a longer exposure. */
const LEAST_HIGHLIGHT = 0.3;

/** Returns the 98th percentile of the scene's green light, a measure of its brightness, from every eighth pixel. */
function highlight({ width, height, data }: Canvas): number {
  const green = new Float32Array(Math.floor((width * height) / 8));
  for (let i = 0; i < green.length; i++) green[i] = data[i * 24 + 1]!;
  return green.sort()[Math.floor(green.length * 0.98)]!;
}

interface Film {
  exposure: number;
  /** Gain per channel of a camera; null for the generator. */
  balance: readonly [number, number, number] | null;
  /** Share of the light lost in the corners. */
  vignette: number;
  /** Noise that grows with the root of the light, and constant noise. */
  shotNoise: number;
  readNoise: number;
  saturation: number;
}

function developRow(scene: Canvas, rgb: Uint8Array, random: Random, film: Film, y: number): void {
  const { width, height, data } = scene;
  const { balance, saturation, shotNoise, readNoise } = film;
  const diagonal = (width * width + height * height) / 4;
  for (let x = 0; x < width; x++) {
    const at = (y * width + x) * 3;
    const off = ((x - width / 2) ** 2 + (y - height / 2) ** 2) / diagonal;
    const gain = film.exposure * (1 - film.vignette * off);
    const light = data[at]! * 0.2126 + data[at + 1]! * 0.7152 + data[at + 2]! * 0.0722;
    const ripple = 1 + 0.012 * RIPPLE[x & 7]! * RIPPLE[y & 7]!;
    const common = random.grain();
    for (let c = 0; c < 3; c++) {
      const plain = (light + (data[at + c]! - light) * saturation) * gain;
      const value = Math.max(0, balance ? plain * balance[c]! : grade(plain, c) * ripple);
      const noise = c === 1 ? common : 0.6 * common + 0.8 * random.grain();
      const noisy = value + (shotNoise * Math.sqrt(value) + readNoise) * noise;
      rgb[at + c] = BYTES[Math.min(MOST_LIGHT, Math.max(0, noisy * 4096 + 0.5)) | 0]!;
    }
  }
}

/** One period of the generator's decoder grid. */
const RIPPLE = Float32Array.from({ length: 8 }, (_, i) => Math.cos((i * Math.PI) / 4));

/** Straight up to 0.7, then bending, so that highlights keep their shape. */
function shoulder(value: number): number {
  return value <= 0.7 ? value : 0.7 + 0.3 * (1 - Math.exp((0.7 - value) / 0.3));
}

/** The generator's style: more contrast, teal shadows, warm lights. */
function grade(value: number, channel: number): number {
  const contrast = value * (0.82 + 0.3 * Math.min(1, Math.max(0, value) * 2));
  const warmth = channel === 0 ? 1.05 : channel === 1 ? 1.01 : 0.93;
  const teal = channel === 0 ? 0.0005 : channel === 1 ? 0.003 : 0.0045;
  return contrast * warmth + teal;
}
