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
    // A loop for each: built-in methods cost more than the blur of a row this short.
    const first = y * width;
    for (let x = 0; x < width; x++) line[radius + x] = from[first + x]!;
    for (let k = 0; k < radius; k++) {
      line[k] = from[first]!;
      line[radius + width + k] = from[first + width - 1]!;
    }
    // Four at a time: each addition waits for the one before, and neighbours share what they read.
    let x = 0;
    for (; x + 4 <= width; x += 4) {
      let before = x + radius;
      let after = before + 3;
      let b0 = line[before]!;
      let b1 = line[before + 1]!;
      let b2 = line[before + 2]!;
      let a0 = b0;
      let a1 = b1;
      let a2 = b2;
      let a3 = line[after]!;
      let b3 = a3;
      const own = half[0]!;
      let s0 = own * b0;
      let s1 = own * b1;
      let s2 = own * b2;
      let s3 = own * b3;
      for (let k = 1; k <= radius; k++) {
        const weight = half[k]!;
        b3 = b2;
        b2 = b1;
        b1 = b0;
        b0 = line[--before]!;
        a0 = a1;
        a1 = a2;
        a2 = a3;
        a3 = line[++after]!;
        s0 += weight * (b0 + a0);
        s1 += weight * (b1 + a1);
        s2 += weight * (b2 + a2);
        s3 += weight * (b3 + a3);
      }
      const to = x * height + y;
      out[to] = s0;
      out[to + height] = s1;
      out[to + 2 * height] = s2;
      out[to + 3 * height] = s3;
    }
    for (; x < width; x++) {
      const middle = x + radius;
      let sum = half[0]! * line[middle]!;
      for (let k = 1; k <= radius; k++) sum += half[k]! * (line[middle - k]! + line[middle + k]!);
      out[x * height + y] = sum;
    }
  }
  return out;
}
