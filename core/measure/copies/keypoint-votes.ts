import { LENGTH, type Keypoints } from './keypoints.ts';
import type { Placement } from './placement.ts';

/** Proposals of keypoints: how many, and how far off a match may be to agree, pixels. */
const PROPOSALS = 4;
const AGREES = 4;

/** Placements on which many matches of keypoints agree: of the copy as it is, and of its mirror image. */
export function proposals(copy: Keypoints, inMirror: Keypoints, original: Keypoints): Placement[] {
  return [...voted(copy, original, false), ...voted(inMirror, original, true)];
}

function voted(own: Keypoints, other: Keypoints, isMirrored: boolean): Placement[] {
  const matches: { i: number; j: number; a: number; b: number; tx: number; ty: number }[] = [];
  for (let i = 0; i < own.count; i++) {
    let best = -1;
    let at = -1;
    for (let j = 0; j < other.count; j++) {
      const dot = product(own.descriptors, i * LENGTH, other.descriptors, j * LENGTH);
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

/** Of two descriptors; four sums at a time, since each addition waits for the one before. */
function product(a: Float32Array, i: number, b: Float32Array, j: number): number {
  let [s, t, u, v] = [0, 0, 0, 0];
  for (const end = i + LENGTH; i < end; i += 4, j += 4) {
    s += a[i]! * b[j]!;
    t += a[i + 1]! * b[j + 1]!;
    u += a[i + 2]! * b[j + 2]!;
    v += a[i + 3]! * b[j + 3]!;
  }
  return s + t + u + v;
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
