import { LENGTH, type Keypoints } from './keypoints.ts';
import type { Placement } from './placement.ts';

/** Proposals of keypoints: how many, and how far off a match may be to agree, pixels. */
const PROPOSALS = 4;
const AGREES = 4;
/** Product of two descriptors from which they match. */
const MATCHES = 0.8;

/** Placements on which many matches of keypoints agree: of the copy as it is, and of its mirror image. */
export function proposals(copy: Keypoints, inMirror: Keypoints, original: Keypoints): Placement[] {
  return [...voted(copy, original, false), ...voted(inMirror, original, true)];
}

function voted(own: Keypoints, other: Keypoints, isMirrored: boolean): Placement[] {
  const matches: { i: number; j: number; a: number; b: number; tx: number; ty: number }[] = [];
  const nearest = nearestOf(own, other);
  for (let i = 0; i < own.count; i++) {
    const at = nearest[i]!;
    if (at < 0) continue;
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

/**
 * Of each keypoint, the one whose descriptor is most like its own, -1 where none matches. Two are held against four at a
 * time: they share what they read, and no addition waits for another one.
 */
function nearestOf(own: Keypoints, other: Keypoints): Int32Array {
  const { descriptors: a } = own;
  const { descriptors: b } = other;
  const nearest = new Int32Array(own.count + 1).fill(-1);
  const most = new Float64Array(own.count + 1).fill(MATCHES);
  const take = (i: number, j: number, product: number): void => {
    if (product < most[i]! || (product === most[i]! && nearest[i]! >= 0) || j >= other.count) return;
    most[i] = product;
    nearest[i] = j;
  };
  for (let i = 0; i < own.count; i += 2)
    for (let j = 0; j < other.count; j += 4) {
      let p0 = 0;
      let p1 = 0;
      let p2 = 0;
      let p3 = 0;
      let q0 = 0;
      let q1 = 0;
      let q2 = 0;
      let q3 = 0;
      let at = j * LENGTH;
      const end = (i + 1) * LENGTH;
      for (let k = i * LENGTH; k < end; k++, at++) {
        const p = a[k]!;
        const q = a[k + LENGTH]!;
        const b0 = b[at]!;
        const b1 = b[at + LENGTH]!;
        const b2 = b[at + 2 * LENGTH]!;
        const b3 = b[at + 3 * LENGTH]!;
        p0 += p * b0;
        p1 += p * b1;
        p2 += p * b2;
        p3 += p * b3;
        q0 += q * b0;
        q1 += q * b1;
        q2 += q * b2;
        q3 += q * b3;
      }
      take(i, j, p0);
      take(i, j + 1, p1);
      take(i, j + 2, p2);
      take(i, j + 3, p3);
      take(i + 1, j, q0);
      take(i + 1, j + 1, q1);
      take(i + 1, j + 2, q2);
      take(i + 1, j + 3, q3);
    }
  return nearest;
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
