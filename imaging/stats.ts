import { toLuma, type Pixels } from './pixels.ts';
import { resample } from './resample.ts';
import type { PixelStats } from './types.ts';

/** Longest side at which CleanVision judges sharpness. */
const SHARPNESS_SIDE = 64;

/**
 * Perceived brightness squared, times 1000: 241 R^2 + 691 G^2 + 68 B^2. An integer below 2^26, so quantiles of
 * brightness are found exactly by counting: once by the upper 14 bits, then by the lower 12 inside the few bins hit.
 */
const FINE_BITS = 12;
const FINE_MASK = (1 << FINE_BITS) - 1;
const COARSE_BINS = Math.floor((1000 * 255 * 255) / (1 << FINE_BITS)) + 1;

function brightnessSquared(rgb: Uint8Array, at: number): number {
  const r = rgb[at]!;
  const g = rgb[at + 1]!;
  const b = rgb[at + 2]!;
  return 241 * r * r + 691 * g * g + 68 * b * b;
}

/** The values at the given ranks (0-based, of the ascending order) of brightness 0..1. */
function brightnessAtRanks(rgb: Uint8Array, coarse: Uint32Array, ranks: number[]): number[] {
  const places = ranks.map((rank) => {
    let bin = 0;
    let below = 0;
    while (below + coarse[bin]! <= rank) below += coarse[bin++]!;
    return { bin, within: rank - below };
  });
  const bins = [...new Set(places.map(({ bin }) => bin))];
  // 1-based place of a bin's fine counts; 0 for bins that are not asked for.
  const slots = new Uint8Array(COARSE_BINS);
  bins.forEach((bin, i) => (slots[bin] = i + 1));
  const fine = new Uint32Array(bins.length << FINE_BITS);
  for (let at = 0; at < rgb.length; at += 3) {
    const value = brightnessSquared(rgb, at);
    const slot = slots[value >>> FINE_BITS]!;
    if (slot === 0) continue;
    const low = ((slot - 1) << FINE_BITS) + (value & FINE_MASK);
    fine[low] = fine[low]! + 1;
  }
  return places.map(({ bin, within }) => {
    const first = bins.indexOf(bin) << FINE_BITS;
    let low = 0;
    let below = 0;
    while (below + fine[first + low]! <= within) below += fine[first + low++]!;
    return Math.sqrt(((bin << FINE_BITS) + low) / 1000) / 255;
  });
}

/** The 5th and 99th percentile, with linear interpolation between neighbouring ranks as numpy's default. */
function brightnessPercentiles(rgb: Uint8Array, coarse: Uint32Array): { p5: number; p99: number } {
  const last = rgb.length / 3 - 1;
  const places = [0.05 * last, 0.99 * last];
  const ranks = places.flatMap((place) => [Math.floor(place), Math.min(last, Math.floor(place) + 1)]);
  const values = brightnessAtRanks(rgb, coarse, ranks);
  const at = (i: number): number => {
    const low = values[2 * i]!;
    return low + (values[2 * i + 1]! - low) * (places[i]! - Math.floor(places[i]!));
  };
  return { p5: at(0), p99: at(1) };
}

/** Shannon entropy in bits of pooled counts (Pillow's `entropy()`). */
function entropyBits(counts: Uint32Array): number {
  let total = 0;
  for (const count of counts) total += count;
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / total) * Math.log2(count / total);
  // A single bin gives -0.
  return bits + 0;
}

/** Population standard deviation. */
function standardDeviation(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) ** 2;
  return Math.sqrt(squares / values.length);
}

/**
 * Pillow's FIND_EDGES: eight times the centre minus its neighbours, clipped to bytes. The outermost pixels are copied
 * unfiltered, which is why a flat grey image has edges.
 */
export function findEdges(grey: Uint8Array, width: number, height: number): Uint8Array {
  const out = Uint8Array.from(grey);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const at = y * width + x;
      const up = at - width;
      const down = at + width;
      const around =
        grey[up - 1]! +
        grey[up]! +
        grey[up + 1]! +
        grey[at - 1]! +
        grey[at + 1]! +
        grey[down - 1]! +
        grey[down]! +
        grey[down + 1]!;
      const edge = 8 * grey[at]! - around;
      out[at] = edge < 0 ? 0 : edge > 255 ? 255 : edge;
    }
  }
  return out;
}

/** CleanVision's reduction for sharpness: colour first, bicubic, sides floored; smaller images stay as they are. */
function shrinkToGrey(rgb: Uint8Array, width: number, height: number) {
  const ratio = Math.max(width, height) / SHARPNESS_SIDE;
  if (ratio <= 1) return { grey: toLuma(rgb), width, height };
  const outWidth = Math.max(Math.floor(width / ratio), 1);
  const outHeight = Math.max(Math.floor(height / ratio), 1);
  const small = resample(rgb, width, height, 3, outWidth, outHeight);
  return { grey: toLuma(small), width: outWidth, height: outHeight };
}

/**
 * CleanVision's raw measures of one image, exactly as its Python computes them on 8-bit RGB or L
 * (docs/methods/pixels.md).
 */
export function measure({ rgb, width, height }: Pixels, singleChannel: boolean): PixelStats {
  const coarse = new Uint32Array(COARSE_BINS);
  const histogram = new Uint32Array(768);
  let greyPixels = true;
  for (let at = 0; at < rgb.length; at += 3) {
    const r = rgb[at]!;
    const g = rgb[at + 1]!;
    const b = rgb[at + 2]!;
    histogram[r] = histogram[r]! + 1;
    histogram[256 + g] = histogram[256 + g]! + 1;
    histogram[512 + b] = histogram[512 + b]! + 1;
    if (r !== g || g !== b) greyPixels = false;
    const bin = brightnessSquared(rgb, at) >>> FINE_BITS;
    coarse[bin] = coarse[bin]! + 1;
  }
  const { p5, p99 } = brightnessPercentiles(rgb, coarse);
  const small = shrinkToGrey(rgb, width, height);
  const greyHistogram = new Uint32Array(256);
  for (const level of small.grey) greyHistogram[level] = greyHistogram[level]! + 1;
  return {
    brightnessP99: p99,
    brightnessP5: p5,
    entropyBits: entropyBits(singleChannel ? histogram.subarray(0, 256) : histogram),
    edgeStd: standardDeviation(findEdges(small.grey, small.width, small.height)),
    histogramStd: standardDeviation(greyHistogram),
    singleChannel,
    greyPixels,
  };
}
