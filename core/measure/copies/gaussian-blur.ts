import type { Level } from './plate.ts';

/** Separable Gaussian blur up to 2.5 sigma away, edges repeated. */
export function gaussianBlur({ width, height, luma }: Level, sigma: number): Float32Array {
  const radius = Math.ceil(2.5 * sigma);
  const half = Float64Array.from({ length: radius + 1 }, (_, i) => Math.exp((-i * i) / (2 * sigma * sigma)));
  const total = 2 * half.reduce((sum, value) => sum + value, 0) - half[0]!;
  for (let i = 0; i <= radius; i++) half[i]! /= total;
  return acrossTransposed(acrossTransposed(luma, width, height, half), height, width, half);
}

/** Blurs along the rows and exchanges rows and columns, so that the second time it blurs along the columns. */
function acrossTransposed(
  from: Float32Array,
  width: number,
  height: number,
  half: Float64Array,
): Float32Array {
  const radius = half.length - 1;
  const line = new Float64Array(width + 2 * radius);
  const out = new Float32Array(from.length);
  for (let y = 0; y < height; y++) {
    const row = from.subarray(y * width, (y + 1) * width);
    line.fill(row[0]!, 0, radius);
    line.set(row, radius);
    line.fill(row[width - 1]!, radius + width);
    for (let x = 0; x < width; x++) {
      const middle = x + radius;
      let sum = half[0]! * line[middle]!;
      for (let k = 1; k <= radius; k++) sum += half[k]! * (line[middle - k]! + line[middle + k]!);
      out[x * height + y] = sum;
    }
  }
  return out;
}
