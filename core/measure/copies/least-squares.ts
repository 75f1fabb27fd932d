import { cholesky, solveLower, solveUpper } from '../../base/numeric/cholesky.ts';
import { LARGEST_SCALE, LEAST_SCALE, sample, type Placement } from './placement.ts';
import { isClipped, QUARTER, type Level, type Plate } from './plate.ts';

/** Steps at each scale, and of how many columns and rows one is looked at. */
const ITERATIONS = [5, 6, 5];
const COLUMNS = [3, 2, 1];
const ROWS = [3, 2, 2];
const TERMS = 6;
/** Filled anew at every step: registration takes many steps, and none is asynchronous. */
const NORMAL = new Float64Array(TERMS * TERMS);
const MOMENTS = new Float64Array(TERMS);
/** How many residuals there are of each size, in eighths of a level: their median without sorting them. */
const SIZES = new Int32Array(8 * 256);

/** Gauss-Newton on a, b, tx, ty, gain and offset of the original over the copy. */
export function refine(copy: Plate, original: Plate, level: number, start: Placement): Placement {
  const c = copy[level]!;
  const o = original[level]!;
  const shrink = 2 ** level;
  const columns = COLUMNS[level]!;
  const rows = ROWS[level]!;
  let { a, b } = start;
  let tx = start.tx / shrink;
  let ty = start.ty / shrink;
  let [gain, offset] = [Number.NaN, 0];
  let spread = Infinity;
  const ox = (o.width - 1) / 2;
  const oy = (o.height - 1) / 2;
  for (let iteration = 0; iteration < ITERATIONS[level]!; iteration++) {
    if (Number.isNaN(gain)) [gain, offset] = gainOf(c, o, start.mirrored, a, b, tx, ty, columns, rows);
    let n00 = 0;
    let n10 = 0;
    let n11 = 0;
    let n20 = 0;
    let n21 = 0;
    let n22 = 0;
    let n30 = 0;
    let n31 = 0;
    let n32 = 0;
    let n33 = 0;
    let n40 = 0;
    let n41 = 0;
    let n42 = 0;
    let n43 = 0;
    let n44 = 0;
    let n50 = 0;
    let n51 = 0;
    let n52 = 0;
    let n53 = 0;
    let n54 = 0;
    let n55 = 0;
    let m0 = 0;
    let m1 = 0;
    let m2 = 0;
    let m3 = 0;
    let m4 = 0;
    let m5 = 0;
    let count = 0;
    SIZES.fill(0);
    for (let y = 0; y < c.height; y += rows) {
      const v = y - (c.height - 1) / 2;
      for (let x = 0; x < c.width; x += columns) {
        const u = start.mirrored ? (c.width - 1) / 2 - x : x - (c.width - 1) / 2;
        const px = a * u - b * v + tx + ox;
        const py = b * u + a * v + ty + oy;
        if (!(px >= 0 && py >= 0 && px < o.width - 1 && py < o.height - 1)) continue;
        const x0 = Math.floor(px);
        const y0 = Math.floor(py);
        const fx = px - x0;
        const fy = py - y0;
        const at = y0 * o.width + x0;
        const l00 = o.luma[at]!;
        const l10 = o.luma[at + 1]!;
        const l01 = o.luma[at + o.width]!;
        const l11 = o.luma[at + o.width + 1]!;
        const right = l10 - l00 + fy * (l11 - l01 - l10 + l00);
        const down = l01 - l00 + fx * (l11 - l01 - l10 + l00);
        const value = l00 + fx * (l10 - l00) + fy * down;
        const gx = gain * right;
        const gy = gain * down;
        const own = c.luma[y * c.width + x]!;
        const residual = own - gain * value - offset;
        // Beyond black or white it fits.
        if (isClipped(own) && (own > 128 ? residual < 0 : residual > 0)) continue;
        count++;
        SIZES[Math.min(SIZES.length - 1, (8 * Math.abs(residual)) | 0)]!++;
        // Tukey's biweight: writing over the picture must not pull it.
        const ratio = residual / spread;
        if (ratio > 1 || ratio < -1) continue;
        const trust = 1 - ratio * ratio;
        const weight = trust * trust;
        const j0 = gx * u + gy * v;
        const j1 = gy * u - gx * v;
        const w0 = weight * j0;
        const w1 = weight * j1;
        const w2 = weight * gx;
        const w3 = weight * gy;
        const w4 = weight * value;
        n00 += w0 * j0;
        n10 += w1 * j0;
        n11 += w1 * j1;
        n20 += w2 * j0;
        n21 += w2 * j1;
        n22 += w2 * gx;
        n30 += w3 * j0;
        n31 += w3 * j1;
        n32 += w3 * gx;
        n33 += w3 * gy;
        n40 += w4 * j0;
        n41 += w4 * j1;
        n42 += w4 * gx;
        n43 += w4 * gy;
        n44 += w4 * value;
        n50 += weight * j0;
        n51 += weight * j1;
        n52 += weight * gx;
        n53 += weight * gy;
        n54 += weight * value;
        n55 += weight;
        m0 += w0 * residual;
        m1 += w1 * residual;
        m2 += w2 * residual;
        m3 += w3 * residual;
        m4 += w4 * residual;
        m5 += weight * residual;
      }
    }
    MOMENTS.set([m0, m1, m2, m3, m4, m5]);
    NORMAL.set([
      n00,
      0,
      0,
      0,
      0,
      0,
      n10,
      n11,
      0,
      0,
      0,
      0,
      n20,
      n21,
      n22,
      0,
      0,
      0,
      n30,
      n31,
      n32,
      n33,
      0,
      0,
      n40,
      n41,
      n42,
      n43,
      n44,
      0,
      n50,
      n51,
      n52,
      n53,
      n54,
      n55,
    ]);
    if (count < 32) break;
    const step = solved(NORMAL, MOMENTS);
    if (!step) break;
    a += step[0]!;
    b += step[1]!;
    tx += step[2]!;
    ty += step[3]!;
    gain += step[4]!;
    offset += step[5]!;
    if (level !== QUARTER) spread = Math.max(6, 6 * medianSize(count));
    const scale = Math.hypot(a, b);
    if (!(scale > LEAST_SCALE && scale < LARGEST_SCALE)) return start;
    if (
      Math.abs(step[2]!) + Math.abs(step[3]!) < 0.01 &&
      (Math.abs(step[0]!) + Math.abs(step[1]!)) * c.width < 0.02
    )
      break;
  }
  return { mirrored: start.mirrored, a, b, tx: tx * shrink, ty: ty * shrink };
}

function medianSize(count: number): number {
  let at = 0;
  for (let left = count >> 1; left >= SIZES[at]!; at++) left -= SIZES[at]!;
  return (at + 0.5) / 8;
}

/** Gain and offset of least squares at a placement. */
function gainOf(
  c: Level,
  o: Level,
  isMirrored: boolean,
  a: number,
  b: number,
  tx: number,
  ty: number,
  columns: number,
  rows: number,
): [number, number] {
  let n = 0;
  let sc = 0;
  let so = 0;
  let soo = 0;
  let sco = 0;
  for (let y = 0; y < c.height; y += rows) {
    const v = y - (c.height - 1) / 2;
    for (let x = 0; x < c.width; x += columns) {
      const u = isMirrored ? (c.width - 1) / 2 - x : x - (c.width - 1) / 2;
      const px = a * u - b * v + tx + (o.width - 1) / 2;
      const py = b * u + a * v + ty + (o.height - 1) / 2;
      if (!(px >= 0 && py >= 0 && px <= o.width - 1 && py <= o.height - 1)) continue;
      const value = sample(o, px, py);
      const own = c.luma[y * c.width + x]!;
      if (isClipped(own)) continue;
      n++;
      sc += own;
      so += value;
      soo += value * value;
      sco += own * value;
    }
  }
  const variance = soo - (so * so) / n;
  const gain = n > 0 && variance > 0 ? (sco - (sc * so) / n) / variance : 1;
  return [gain, n > 0 ? (sc - gain * so) / n : 0];
}

/** Solves a symmetric positive system (lower half) with a little damping; null where it has no solution. */
function solved(normal: Float64Array, moments: Float64Array): Float64Array | null {
  for (let i = 0; i < TERMS; i++) normal[i * TERMS + i]! *= 1.0001;
  const factor = cholesky(normal, TERMS, 0);
  const step = solveUpper(factor, solveLower(factor, moments, TERMS), TERMS);
  // A direction without extent is divided by zero.
  return step.every(Number.isFinite) ? step : null;
}
