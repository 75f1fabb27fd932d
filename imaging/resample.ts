/**
 * Pillow 9's antialiased bicubic resize on 8-bit samples, bit for bit: separable, horizontal pass first, filter support scaled
 * with the reduction, coefficients normalised and quantised to 22 fractional bits, each pass rounded to bytes.
 * CleanVision resizes with it, so only the same arithmetic reproduces its numbers. (Pillow 13
 * takes the vertical pass first for tall images, which changes single levels.)
 */

/** Keys' cubic with a = -0.5, Pillow's BICUBIC; zero beyond 2. */
const SUPPORT = 2;
function cubic(x: number): number {
  const d = Math.abs(x);
  if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
  if (d < 2) return ((d - 5) * d + 8) * d * -0.5 + 2;
  return 0;
}

interface Coefficients {
  starts: Int32Array;
  counts: Int32Array;
  /** `stride` slots per output sample, fixed point. */
  weights: Int32Array;
  stride: number;
}

const PRECISION_BITS = 22;
const HALF = 1 << (PRECISION_BITS - 1);

function plan(source: number, output: number): Coefficients {
  const scale = source / output;
  const stretch = Math.max(scale, 1);
  const shrink = 1 / stretch;
  const reach = SUPPORT * stretch;
  const stride = Math.ceil(reach) * 2 + 1;
  const starts = new Int32Array(output);
  const counts = new Int32Array(output);
  const weights = new Int32Array(output * stride);
  const row = new Float64Array(stride);
  for (let o = 0; o < output; o++) {
    const centre = (o + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - reach + 0.5));
    const count = Math.min(source, Math.trunc(centre + reach + 0.5)) - first;
    let sum = 0;
    for (let k = 0; k < count; k++) {
      row[k] = cubic((k + first - centre + 0.5) * shrink);
      sum += row[k]!;
    }
    starts[o] = first;
    counts[o] = count;
    for (let k = 0; k < count; k++) {
      const scaled = (row[k]! / sum) * (1 << PRECISION_BITS);
      weights[o * stride + k] = Math.trunc(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    }
  }
  return { starts, counts, weights, stride };
}

// Images of one batch mostly share one size, and its coefficients cost as much as resizing a small image.
const plans = new Map<string, Coefficients>();

function cachedPlan(source: number, output: number): Coefficients {
  const key = `${source} ${output}`;
  let found = plans.get(key);
  if (!found) {
    if (plans.size >= 64) plans.clear();
    found = plan(source, output);
    plans.set(key, found);
  }
  return found;
}

function toByte(sum: number): number {
  const value = sum >> PRECISION_BITS;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

// Sums wrap at 32 bits as they do in Pillow (they do not reach it), which also keeps V8 on integer arithmetic.

function resizeGreyRows(pixels: Uint8Array, width: number, height: number, c: Coefficients): Uint8Array {
  const { starts, counts, weights, stride } = c;
  const outWidth = starts.length;
  const out = new Uint8Array(outWidth * height);
  for (let y = 0, to = 0; y < height; y++) {
    for (let o = 0; o < outWidth; o++) {
      let sum = HALF;
      let at = y * width + starts[o]!;
      for (let w = o * stride, end = w + counts[o]!; w < end; w++) {
        sum = (sum + Math.imul(pixels[at++]!, weights[w]!)) | 0;
      }
      out[to++] = toByte(sum);
    }
  }
  return out;
}

function resizeRgbRows(pixels: Uint8Array, width: number, height: number, c: Coefficients): Uint8Array {
  const { starts, counts, weights, stride } = c;
  const outWidth = starts.length;
  const out = new Uint8Array(outWidth * height * 3);
  for (let y = 0, to = 0; y < height; y++) {
    for (let o = 0; o < outWidth; o++, to += 3) {
      let r = HALF;
      let g = HALF;
      let b = HALF;
      let at = (y * width + starts[o]!) * 3;
      for (let w = o * stride, end = w + counts[o]!; w < end; w++, at += 3) {
        const weight = weights[w]!;
        r = (r + Math.imul(pixels[at]!, weight)) | 0;
        g = (g + Math.imul(pixels[at + 1]!, weight)) | 0;
        b = (b + Math.imul(pixels[at + 2]!, weight)) | 0;
      }
      out[to] = toByte(r);
      out[to + 1] = toByte(g);
      out[to + 2] = toByte(b);
    }
  }
  return out;
}

function resizeColumns(pixels: Uint8Array, rowLength: number, c: Coefficients): Uint8Array {
  const { starts, counts, weights, stride } = c;
  const outHeight = starts.length;
  const out = new Uint8Array(rowLength * outHeight);
  const sums = new Int32Array(rowLength);
  for (let o = 0, to = 0; o < outHeight; o++) {
    // Row by row, so that memory is read in its order.
    sums.fill(HALF);
    for (let k = 0, at = starts[o]! * rowLength; k < counts[o]!; k++) {
      const weight = weights[o * stride + k]!;
      for (let i = 0; i < rowLength; i++) sums[i] = sums[i]! + Math.imul(pixels[at++]!, weight);
    }
    for (let i = 0; i < rowLength; i++) out[to++] = toByte(sums[i]!);
  }
  return out;
}

/** Resizes 8-bit grey or RGB (row-major HWC); an axis whose size does not change is left untouched, as in Pillow. */
export function resample(
  pixels: Uint8Array,
  width: number,
  height: number,
  channels: 1 | 3,
  outWidth: number,
  outHeight: number,
): Uint8Array {
  const resizeRows = channels === 1 ? resizeGreyRows : resizeRgbRows;
  const wide = outWidth === width ? pixels : resizeRows(pixels, width, height, cachedPlan(width, outWidth));
  return outHeight === height
    ? wide
    : resizeColumns(wide, outWidth * channels, cachedPlan(height, outHeight));
}
