import { LENGTH, mirrored, type Keypoints } from './keypoints.ts';
import type { Level, Plate } from './plate.ts';

/**
 * Where a copy's pixels come from: a point (x, y) from the middle of the copy's plate lies at
 * (a u - b y + tx, b u + a y + ty) from the middle of the original's, where u is x, or -x in a mirrored copy.
 */
export interface Placement {
  mirrored: boolean;
  a: number;
  b: number;
  tx: number;
  ty: number;
}

/** A picture that can be registered. */
export interface Registrable {
  plate: Plate;
  keypoints: Keypoints;
}

const WHOLE = 0;
const HALF = 1;
const QUARTER = 2;
/** A placement found, and the correlation of the pictures under it. */
export interface Found {
  placement: Placement;
  fit: number;
}

/** Starts that are refined at the coarsest scale, and those of them that are looked at further. */
const REFINED = 3;
const KEPT = 2;

/**
 * Starts of a registration: the placements under which a copy, at a quarter of its plate, agrees best with an original
 * as it is, the best first. They are the eight ways to turn and mirror a picture, whole, as a crop and with a border, and
 * what keypoints propose.
 */
export function startsOf(copy: Registrable, original: Registrable): Found[] {
  const starts = [...plainStarts(copy.plate[WHOLE], original.plate[WHOLE]), ...proposals(copy, original)];
  return bestOf(
    starts.map((placement) => ({
      placement,
      fit: correlation(copy.plate, original.plate, QUARTER, placement, 2),
    })),
    REFINED,
  );
}

/** The starts refined at a quarter of the plates, the best ones of them. */
export function coarseFits(copy: Registrable, original: Registrable, starts: Found[]): Found[] {
  return bestOf(
    starts.map(({ placement }) => refined(copy, original, QUARTER, placement)),
    KEPT,
  );
}

/**
 * The similarity transform, mirrored or not, that lays a copy over an original: coarse placements are refined from scale
 * to scale by least squares on the pixels (Lucas and Kanade 1981), robustly, since writing may cover a part.
 */
export function fineFit(copy: Registrable, original: Registrable, coarse: Found[]): Found | null {
  const [half] = bestOf(
    coarse.map(({ placement }) => refined(copy, original, HALF, placement)),
    1,
  );
  return half && half.fit > 0 ? refined(copy, original, WHOLE, half.placement) : null;
}

const bestOf = (found: Found[], count: number): Found[] =>
  found.sort((x, y) => y.fit - x.fit).slice(0, count);

function refined(copy: Registrable, original: Registrable, level: number, start: Placement): Found {
  const placement = refine(copy.plate, original.plate, level, start);
  return {
    placement,
    fit: correlation(copy.plate, original.plate, level, placement, level === WHOLE ? 2 : 1),
  };
}

/** Whole in eight orientations, as a crop of each corner and of the middle, and with a border. */
function plainStarts(copy: Level, original: Level): Placement[] {
  const starts: Placement[] = [];
  for (let quarter = 0; quarter < 4; quarter++)
    for (const isMirrored of [false, true]) {
      const [cos, sin] = [
        [1, 0],
        [0, 1],
        [-1, 0],
        [0, -1],
      ][quarter]! as [number, number];
      const [width, height] = quarter % 2 ? [copy.height, copy.width] : [copy.width, copy.height];
      const whole = Math.sqrt((original.width * original.height) / (width * height));
      const add = (scale: number, dx: number, dy: number): void => {
        const s = whole * scale;
        starts.push({
          mirrored: isMirrored,
          a: s * cos,
          b: s * sin,
          tx: (dx * (original.width - s * width)) / 2,
          ty: (dy * (original.height - s * height)) / 2,
        });
      };
      add(1, 0, 0);
      add(0.86, 0, 0);
      add(1.12, 0, 0);
      for (const dx of [-1, 1]) for (const dy of [-1, 1]) add(0.78, dx * 0.8, dy * 0.8);
    }
  return starts;
}

/** Proposals of keypoints: how many, and how far off a match may be to agree, pixels. */
const PROPOSALS = 4;
const AGREES = 4;

/** Placements on which many matches of keypoints agree. */
function proposals(copy: Registrable, original: Registrable): Placement[] {
  return [false, true].flatMap((isMirrored) => {
    const own = isMirrored ? mirrored(copy.keypoints) : copy.keypoints;
    return voted(own, original.keypoints, isMirrored);
  });
}

function voted(own: Keypoints, other: Keypoints, isMirrored: boolean): Placement[] {
  const matches: { i: number; j: number; a: number; b: number; tx: number; ty: number }[] = [];
  for (let i = 0; i < own.count; i++) {
    let best = -1;
    let at = -1;
    for (let j = 0; j < other.count; j++) {
      let dot = 0;
      for (let k = 0; k < LENGTH; k++)
        dot += own.descriptors[i * LENGTH + k]! * other.descriptors[j * LENGTH + k]!;
      if (dot > best) {
        best = dot;
        at = j;
      }
    }
    if (at < 0 || best < 0.8) continue;
    const scale = other.size[at]! / own.size[i]!;
    if (scale < 0.4 || scale > 1.9) continue;
    const turn = other.angle[at]! - own.angle[i]!;
    const a = scale * Math.cos(turn);
    const b = scale * Math.sin(turn);
    matches.push({
      i,
      j: at,
      a,
      b,
      tx: other.x[at]! - a * own.x[i]! + b * own.y[i]!,
      ty: other.y[at]! - b * own.x[i]! - a * own.y[i]!,
    });
  }
  const candidates = matches
    .map((m) => ({ m, votes: agreeing(matches, m, own, other) }))
    .sort((x, y) => y.votes.length - x.votes.length);
  const placements: Placement[] = [];
  const used = new Set<(typeof matches)[number]>();
  for (const { m, votes } of candidates) {
    if (placements.length >= PROPOSALS) break;
    if (used.has(m)) continue;
    for (const vote of votes) used.add(vote);
    const fitted = votes.length >= 3 ? fit(votes, own, other) : m;
    placements.push({ mirrored: isMirrored, a: fitted.a, b: fitted.b, tx: fitted.tx, ty: fitted.ty });
  }
  return placements;
}

function agreeing<M extends { i: number; j: number; a: number; b: number; tx: number; ty: number }>(
  matches: M[],
  { a, b, tx, ty }: M,
  own: Keypoints,
  other: Keypoints,
): M[] {
  return matches.filter(({ i, j }) => {
    const x = a * own.x[i]! - b * own.y[i]! + tx - other.x[j]!;
    const y = b * own.x[i]! + a * own.y[i]! + ty - other.y[j]!;
    return x * x + y * y < AGREES * AGREES;
  });
}

/** The similarity transform of least squares between matched points. */
function fit(
  matches: { i: number; j: number }[],
  own: Keypoints,
  other: Keypoints,
): Omit<Placement, 'mirrored'> {
  const n = matches.length;
  let [mx, my, ox, oy] = [0, 0, 0, 0];
  for (const { i, j } of matches) {
    mx += own.x[i]! / n;
    my += own.y[i]! / n;
    ox += other.x[j]! / n;
    oy += other.y[j]! / n;
  }
  let [square, along, cross] = [0, 0, 0];
  for (const { i, j } of matches) {
    const [x, y] = [own.x[i]! - mx, own.y[i]! - my];
    const [u, v] = [other.x[j]! - ox, other.y[j]! - oy];
    square += x * x + y * y;
    along += x * u + y * v;
    cross += x * v - y * u;
  }
  const a = square > 0 ? along / square : 1;
  const b = square > 0 ? cross / square : 0;
  return { a, b, tx: ox - a * mx + b * my, ty: oy - b * mx - a * my };
}

/** Least parts of the copy, and of the original, that must overlap. */
const LEAST_OF_COPY = 0.45;
const LEAST_OF_ORIGINAL = 0.3;
/** Sizes of an original's pixel in a copy's: crops and borders stay within. */
const LEAST_SCALE = 0.45;
const LARGEST_SCALE = 1.6;

/** Correlation of the two pictures where they overlap, -1..1; -1 where they hardly do. */
function correlation(
  copy: Plate,
  original: Plate,
  level: number,
  placement: Placement,
  stride: number,
): number {
  const c = copy[level]!;
  const o = original[level]!;
  const { mirrored: isMirrored, a, b } = placement;
  const scale = Math.hypot(a, b);
  if (!(scale > LEAST_SCALE && scale < LARGEST_SCALE)) return -1;
  const shrink = 2 ** level;
  const tx = placement.tx / shrink + (o.width - 1) / 2;
  const ty = placement.ty / shrink + (o.height - 1) / 2;
  let n = 0;
  let sc = 0;
  let so = 0;
  let scc = 0;
  let soo = 0;
  let sco = 0;
  for (let y = 0; y < c.height; y += stride) {
    const v = y - (c.height - 1) / 2;
    for (let x = 0; x < c.width; x += stride) {
      const u = isMirrored ? (c.width - 1) / 2 - x : x - (c.width - 1) / 2;
      const px = a * u - b * v + tx;
      const py = b * u + a * v + ty;
      if (!(px >= 0 && py >= 0 && px <= o.width - 1 && py <= o.height - 1)) continue;
      const value = sample(o, px, py);
      const own = c.luma[y * c.width + x]!;
      n++;
      sc += own;
      so += value;
      scc += own * own;
      soo += value * value;
      sco += own * value;
    }
  }
  const area = n * stride * stride;
  if (
    area < LEAST_OF_COPY * c.width * c.height ||
    area * scale * scale < LEAST_OF_ORIGINAL * o.width * o.height
  )
    return -1;
  const varC = scc - (sc * sc) / n;
  const varO = soo - (so * so) / n;
  return varC <= 0 || varO <= 0 ? -1 : (sco - (sc * so) / n) / Math.sqrt(varC * varO);
}

export function sample({ width, height, luma }: Level, x: number, y: number): number {
  const x0 = Math.min(width - 2, Math.floor(x));
  const y0 = Math.min(height - 2, Math.floor(y));
  const u = x - x0;
  const v = y - y0;
  const at = y0 * width + x0;
  const top = luma[at]! + u * (luma[at + 1]! - luma[at]!);
  const bottom = luma[at + width]! + u * (luma[at + width + 1]! - luma[at + width]!);
  return top + v * (bottom - top);
}

/** Steps at each scale, and of how many columns and rows one is looked at. */
const ITERATIONS = [5, 6, 5];
const COLUMNS = [3, 2, 1];
const ROWS = [3, 2, 2];
const TERMS = 6;
/** Filled anew at every step: registration takes many steps, and none is asynchronous. */
const NORMAL = new Float64Array(TERMS * TERMS);
const MOMENTS = new Float64Array(TERMS);
const FACTOR = new Float64Array(TERMS * TERMS);
let residuals = new Float32Array(0);

function residualsOf(count: number): Float32Array {
  if (residuals.length < count) residuals = new Float32Array(count);
  return residuals;
}

/** Gauss-Newton on a, b, tx, ty, gain and offset of the original over the copy. */
function refine(copy: Plate, original: Plate, level: number, start: Placement): Placement {
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
  const rest = residualsOf(Math.ceil(c.width / columns) * Math.ceil(c.height / rows));
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
        const residual = c.luma[y * c.width + x]! - gain * value - offset;
        rest[count++] = Math.abs(residual);
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
    MOMENTS[0] = m0;
    MOMENTS[1] = m1;
    MOMENTS[2] = m2;
    MOMENTS[3] = m3;
    MOMENTS[4] = m4;
    MOMENTS[5] = m5;
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
    const step = solve(NORMAL, MOMENTS);
    if (!step) break;
    a += step[0]!;
    b += step[1]!;
    tx += step[2]!;
    ty += step[3]!;
    gain += step[4]!;
    offset += step[5]!;
    if (level !== QUARTER) {
      const sorted = rest.subarray(0, count).sort();
      spread = Math.max(6, 6 * sorted[count >> 1]!);
    }
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

/** Solves a symmetric positive system (lower triangle) with a little damping, in place; null where it has no solution. */
function solve(normal: Float64Array, moments: Float64Array): Float64Array | null {
  const n = moments.length;
  const L = FACTOR;
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = normal[i * n + j]! * (i === j ? 1.0001 : 1);
      for (let k = 0; k < j; k++) sum -= L[i * n + k]! * L[j * n + k]!;
      if (i === j) {
        if (!(sum > 0)) return null;
        L[i * n + i] = Math.sqrt(sum);
      } else L[i * n + j] = sum / L[j * n + j]!;
    }
  const x = moments;
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= L[i * n + k]! * x[k]!;
    x[i]! /= L[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= L[k * n + i]! * x[k]!;
    x[i]! /= L[i * n + i]!;
  }
  return x;
}
