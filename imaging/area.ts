/** Which stretch of a source axis feeds each output sample, in whole units so that nothing is rounded on the way. */
interface Axis {
  /** First source index and number of source indices per output sample. */
  starts: Int32Array;
  counts: Int32Array;
  /** Overlaps in units, `stride` slots per output sample. */
  weights: Float64Array;
  stride: number;
  /** Units that one output sample covers. */
  total: number;
}

/**
 * Overlap of `output` equal stretches of a window with `source` pixels. A pixel is `unit` units long; the window begins
 * at `offset` units and each stretch is `total` units long; all are whole numbers.
 */
function planAxis(source: number, output: number, unit: number, offset: number, total: number): Axis {
  const stride = Math.ceil(total / unit) + 1;
  const starts = new Int32Array(output);
  const counts = new Int32Array(output);
  const weights = new Float64Array(output * stride);
  for (let o = 0; o < output; o++) {
    const from = offset + o * total;
    const to = from + total;
    const first = Math.floor(from / unit);
    const last = Math.min(source, Math.ceil(to / unit));
    starts[o] = first;
    counts[o] = last - first;
    for (let s = first; s < last; s++) {
      weights[o * stride + s - first] = Math.min(to, (s + 1) * unit) - Math.max(from, s * unit);
    }
  }
  return { starts, counts, weights, stride, total };
}

/** The window of a source axis that a `cover` fit keeps, in units of half an output step: see `averageArea`. */
function planCover(source: number, output: number, sourceOther: number, outputOther: number): Axis {
  // This axis is the longer one: the other one is kept whole, its scale is sourceOther / outputOther, and the window
  // is output * sourceOther / outputOther long, centred. Units of 1 / (2 * outputOther) make all of that whole.
  const unit = 2 * outputOther;
  return planAxis(source, output, unit, source * outputOther - output * sourceOther, 2 * sourceOther);
}

/**
 * Box filter with exact fractional coverage: every output byte is the mean of the source area that it covers, rounded
 * half up. RGB, row-major HWC. `squash` covers the whole source; `cover` covers its largest centred window of the
 * output's aspect, whose edges may fall inside a pixel. Integers throughout, hence the same bytes on every machine.
 */
export function averageArea(
  rgb: Uint8Array,
  width: number,
  height: number,
  outWidth: number,
  outHeight: number,
  fit: 'squash' | 'cover' = 'squash',
): Uint8Array {
  const isWide = fit === 'cover' && width * outHeight > height * outWidth;
  const isTall = fit === 'cover' && width * outHeight < height * outWidth;
  const x = isWide
    ? planCover(width, outWidth, height, outHeight)
    : planAxis(width, outWidth, outWidth, 0, width);
  const y = isTall
    ? planCover(height, outHeight, width, outWidth)
    : planAxis(height, outHeight, outHeight, 0, height);
  const out = new Uint8Array(outWidth * outHeight * 3);
  const sums = new Float64Array(outWidth * 3);
  const area = x.total * y.total;
  for (let oy = 0; oy < outHeight; oy++) {
    sums.fill(0);
    for (let k = 0; k < y.counts[oy]!; k++) {
      addRow(rgb, (y.starts[oy]! + k) * width * 3, x, y.weights[oy * y.stride + k]!, sums);
    }
    const row = oy * outWidth * 3;
    for (let i = 0; i < sums.length; i++) out[row + i] = Math.floor((2 * sums[i]! + area) / (2 * area));
  }
  return out;
}

/** Adds one source row, weighted, to the sums of the output row. */
function addRow(rgb: Uint8Array, row: number, x: Axis, weight: number, sums: Float64Array): void {
  const { starts, counts, weights, stride } = x;
  for (let o = 0, to = 0; o < starts.length; o++, to += 3) {
    let r = 0;
    let g = 0;
    let b = 0;
    let at = row + starts[o]! * 3;
    let w = o * stride;
    for (const end = w + counts[o]!; w < end; w++, at += 3) {
      const share = weights[w]!;
      r += share * rgb[at]!;
      g += share * rgb[at + 1]!;
      b += share * rgb[at + 2]!;
    }
    sums[to] = sums[to]! + r * weight;
    sums[to + 1] = sums[to + 1]! + g * weight;
    sums[to + 2] = sums[to + 2]! + b * weight;
  }
}
