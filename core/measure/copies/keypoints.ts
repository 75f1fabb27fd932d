import { gaussianBlur } from './gaussian-blur.ts';
import type { Level, Plate } from './plate.ts';

/** Corners and blobs of a plate with what surrounds them. */
export interface Keypoints {
  count: number;
  /** Position from the middle of the plate, pixels; size (sigma), pixels; direction, radians. */
  x: Float32Array;
  y: Float32Array;
  size: Float32Array;
  angle: Float32Array;
  /** Unit rows of LENGTH, and after them as many of zeros as make a multiple of four. */
  descriptors: Float32Array;
}

/** Of one octave; the next one is found in the halved plate. */
const SIGMAS = Array.from({ length: 5 }, (_, i) => 1.2 * 1.4 ** i);
/** The strongest so many are kept. */
const MOST = 32;
/** Cells a side of a descriptor, directions per cell, and samples a side of a cell. */
const CELLS = 3;
const DIRECTIONS = 8;
const PER_CELL = 4;
export const LENGTH = CELLS * CELLS * DIRECTIONS;
/** Distance of samples in sigmas, and samples a side. */
const STEP = 1.1;
const SAMPLES = CELLS * PER_CELL;
/** Of each sample, four cells and how much it counts in them: bilinear, and less far from the middle. */
const CELL_OF = new Uint8Array(4 * SAMPLES * SAMPLES);
const PARTS = new Float64Array(4 * SAMPLES * SAMPLES);
for (let row = 0; row < SAMPLES; row++)
  for (let column = 0; column < SAMPLES; column++)
    for (let k = 0; k < 4; k++) {
      const at = 4 * (row * SAMPLES + column) + k;
      const [v, u] = [row - (SAMPLES - 1) / 2, column - (SAMPLES - 1) / 2];
      const [fr, fc] = [(row + 0.5) / PER_CELL - 0.5, (column + 0.5) / PER_CELL - 0.5];
      const [r, c] = [Math.floor(fr) + (k >> 1), Math.floor(fc) + (k & 1)];
      if (r < 0 || c < 0 || r >= CELLS || c >= CELLS) continue;
      CELL_OF[at] = r * CELLS + c;
      PARTS[at] =
        Math.exp(-(u * u + v * v) / (2 * (0.5 * SAMPLES) ** 2)) *
        (1 - Math.abs(fr - r)) *
        (1 - Math.abs(fc - c));
    }
/** Directions that gradients around a point are counted by. */
const BINS = 36;
/** Filled anew for every point: how gradients around it are distributed, and how much each column of pixels counts. */
const HISTOGRAM = new Float64Array(BINS);
const ACROSS = new Float64Array(32);
/** A blob stands out from its surroundings by this part of the plate's standard deviation. */
const LEAST_CONTRAST = 0.025;
/** Ratio of curvatures beyond which it is an edge, which has no place along itself. */
const EDGE = 14;

/** What stands out at one scale, in pixels of its level. */
interface Spot {
  level: Level;
  blurred: Float32Array;
  x: number;
  y: number;
  sigma: number;
  strength: number;
}

/**
 * Scale-space extrema of the difference of Gaussians with gradient histograms (Lowe 2004, SIFT), for small plates: two
 * octaves, 3 x 3 cells of 8 directions.
 */
export function keypointsOf([whole, half]: Plate): Keypoints {
  const found = [whole, half].flatMap((level) => spotsOf(level));
  found.sort((a, b) => b.strength - a.strength);
  const kept: { x: number; y: number; size: number; angle: number; descriptor: Float32Array }[] = [];
  for (const { level, blurred, x, y, sigma } of found) {
    const { width, height } = level;
    const pixel = whole.width / width;
    for (const angle of directionsOf(blurred, width, height, x, y, sigma))
      if (kept.length < MOST)
        kept.push({
          x: pixel * (x - (width - 1) / 2),
          y: pixel * (y - (height - 1) / 2),
          size: pixel * sigma,
          angle,
          descriptor: describe(blurred, width, height, x, y, sigma, angle),
        });
    if (kept.length >= MOST) break;
  }
  const descriptors = new Float32Array(4 * Math.ceil(kept.length / 4) * LENGTH);
  for (const [i, { descriptor }] of kept.entries()) descriptors.set(descriptor, i * LENGTH);
  return {
    count: kept.length,
    x: Float32Array.from(kept, (k) => k.x),
    y: Float32Array.from(kept, (k) => k.y),
    size: Float32Array.from(kept, (k) => k.size),
    angle: Float32Array.from(kept, (k) => k.angle),
    descriptors,
  };
}

function spotsOf(level: Level): Spot[] {
  const { width, height, luma } = level;
  const blurs: Float32Array[] = [];
  // Each from the one before: variances of Gaussians add.
  for (const [i, sigma] of SIGMAS.entries())
    blurs.push(
      i === 0
        ? gaussianBlur(level, sigma)
        : gaussianBlur({ width, height, luma: blurs[i - 1]! }, Math.sqrt(sigma ** 2 - SIGMAS[i - 1]! ** 2)),
    );
  const differences = blurs.slice(1).map((b, i) => {
    const a = blurs[i]!;
    const d = new Float32Array(a.length);
    for (let j = 0; j < d.length; j++) d[j] = b[j]! - a[j]!;
    return d;
  });
  const least = LEAST_CONTRAST * standardDeviation(luma);
  const found: Spot[] = [];
  for (let s = 1; s < differences.length - 1; s++) {
    const [below, own, above] = [differences[s - 1]!, differences[s]!, differences[s + 1]!];
    for (let y = 2; y < height - 2; y++)
      for (let x = 2; x < width - 2; x++) {
        const at = y * width + x;
        const value = own[at]!;
        if (value < least && value > -least) continue;
        // Most fall at the first neighbour.
        if (value > 0 ? own[at - 1]! >= value : own[at - 1]! <= value) continue;
        if (!isExtreme(value, own, at, width, true)) continue;
        if (!isExtreme(value, below, at, width, false) || !isExtreme(value, above, at, width, false))
          continue;
        const xx = own[at - 1]! + own[at + 1]! - 2 * value;
        const yy = own[at - width]! + own[at + width]! - 2 * value;
        const xy =
          (own[at + width + 1]! + own[at - width - 1]! - own[at + width - 1]! - own[at - width + 1]!) / 4;
        const determinant = xx * yy - xy * xy;
        if (determinant <= 0 || (xx + yy) ** 2 * EDGE > (EDGE + 1) ** 2 * determinant) continue;
        found.push({
          level,
          blurred: blurs[s]!,
          x: x - clampHalf((own[at + 1]! - own[at - 1]!) / 2 / xx),
          y: y - clampHalf((own[at + width]! - own[at - width]!) / 2 / yy),
          sigma: SIGMAS[s]!,
          strength: Math.abs(value),
        });
      }
  }
  return found;
}

/** The keypoints of the mirrored plate (left and right exchanged). */
export function mirrored(from: Keypoints): Keypoints {
  const descriptors = new Float32Array(from.descriptors.length);
  for (let i = 0; i < from.count; i++)
    for (let row = 0; row < CELLS; row++)
      for (let column = 0; column < CELLS; column++)
        for (let d = 0; d < DIRECTIONS; d++)
          descriptors[
            i * LENGTH + ((CELLS - 1 - row) * CELLS + column) * DIRECTIONS + ((DIRECTIONS - d) % DIRECTIONS)
          ] = from.descriptors[i * LENGTH + (row * CELLS + column) * DIRECTIONS + d]!;
  return {
    count: from.count,
    x: from.x.map((x) => -x),
    y: from.y,
    size: from.size,
    angle: from.angle.map((angle) => Math.PI - angle),
    descriptors,
  };
}

const clampHalf = (x: number): number => (x > 0.5 ? 0.5 : x < -0.5 ? -0.5 : Number.isNaN(x) ? 0 : x);

function isExtreme(value: number, level: Float32Array, at: number, width: number, skip: boolean): boolean {
  for (let dy = -width; dy <= width; dy += width)
    for (let dx = -1; dx <= 1; dx++) {
      if (skip && dx === 0 && dy === 0) continue;
      const other = level[at + dy + dx]!;
      if (value > 0 ? other >= value : other <= value) return false;
    }
  return true;
}

/** Directions of most gradient around a point: the strongest, and a second one that is nearly as strong. */
function directionsOf(
  level: Float32Array,
  width: number,
  height: number,
  x: number,
  y: number,
  sigma: number,
): number[] {
  const reach = Math.round(4 * sigma);
  const left = Math.max(1, Math.round(x) - reach);
  const right = Math.min(width - 2, Math.round(x) + reach);
  const top = Math.max(1, Math.round(y) - reach);
  const bottom = Math.min(height - 2, Math.round(y) + reach);
  const fall = 2 * (1.8 * sigma) ** 2;
  for (let px = left; px <= right; px++) ACROSS[px - left] = Math.exp(-((px - x) ** 2) / fall);
  HISTOGRAM.fill(0);
  for (let py = top; py <= bottom; py++) {
    const down = Math.exp(-((py - y) ** 2) / fall);
    for (let px = left; px <= right; px++) {
      const at = py * width + px;
      const gx = level[at + 1]! - level[at - 1]!;
      const gy = level[at + width]! - level[at - width]!;
      const bin = ((Math.atan2(gy, gx) / (2 * Math.PI)) * BINS + BINS) | 0;
      HISTOGRAM[bin % BINS]! += ACROSS[px - left]! * down * Math.sqrt(gx * gx + gy * gy);
    }
  }
  const smooth = new Float64Array(BINS);
  let most = 0;
  for (let i = 0; i < BINS; i++) {
    smooth[i] =
      (HISTOGRAM[(i + BINS - 2) % BINS]! +
        4 * HISTOGRAM[(i + BINS - 1) % BINS]! +
        6 * HISTOGRAM[i]! +
        4 * HISTOGRAM[(i + 1) % BINS]! +
        HISTOGRAM[(i + 2) % BINS]!) /
      16;
    most = Math.max(most, smooth[i]!);
  }
  if (most === 0) return [];
  const peaks: { angle: number; height: number }[] = [];
  for (let i = 0; i < BINS; i++) {
    const [before, own, after] = [smooth[(i + BINS - 1) % BINS]!, smooth[i]!, smooth[(i + 1) % BINS]!];
    if (own < before || own <= after || own < 0.8 * most) continue;
    const shift = (0.5 * (before - after)) / (before - 2 * own + after);
    peaks.push({ angle: ((i + 0.5 + shift) / BINS) * 2 * Math.PI, height: own });
  }
  return peaks
    .sort((a, b) => b.height - a.height)
    .slice(0, 2)
    .map(({ angle }) => angle);
}

function describe(
  level: Float32Array,
  width: number,
  height: number,
  x: number,
  y: number,
  sigma: number,
  angle: number,
): Float32Array {
  const out = new Float32Array(LENGTH);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const step = STEP * sigma;
  for (let row = 0; row < SAMPLES; row++)
    for (let column = 0; column < SAMPLES; column++) {
      const u = (column - (SAMPLES - 1) / 2) * step;
      const v = (row - (SAMPLES - 1) / 2) * step;
      const px = Math.round(x + cos * u - sin * v);
      const py = Math.round(y + sin * u + cos * v);
      if (px < 1 || py < 1 || px >= width - 1 || py >= height - 1) continue;
      const at = py * width + px;
      const gx = level[at + 1]! - level[at - 1]!;
      const gy = level[at + width]! - level[at - width]!;
      const length = Math.sqrt(gx * gx + gy * gy);
      if (length === 0) continue;
      const turned = (Math.atan2(gy, gx) - angle) / (2 * Math.PI);
      const direction = (turned - Math.floor(turned)) * DIRECTIONS;
      const whole = direction | 0;
      const share = direction - whole;
      const d0 = whole % DIRECTIONS;
      const d1 = (whole + 1) % DIRECTIONS;
      const first = 4 * (row * SAMPLES + column);
      for (let k = first; k < first + 4; k++) {
        const part = length * PARTS[k]!;
        if (part === 0) continue;
        const bins = DIRECTIONS * CELL_OF[k]!;
        out[bins + d0]! += part * (1 - share);
        out[bins + d1]! += part * share;
      }
    }
  normalise(out);
  for (let i = 0; i < LENGTH; i++) if (out[i]! > 0.25) out[i] = 0.25;
  normalise(out);
  return out;
}

function normalise(row: Float32Array): void {
  let square = 0;
  for (let i = 0; i < row.length; i++) square += row[i]! ** 2;
  const length = Math.sqrt(square);
  if (length > 0) for (let i = 0; i < row.length; i++) row[i]! /= length;
}

function standardDeviation(values: Float32Array): number {
  let [sum, square] = [0, 0];
  for (const value of values) {
    sum += value;
    square += value * value;
  }
  return Math.sqrt(Math.max(0, square / values.length - (sum / values.length) ** 2));
}
