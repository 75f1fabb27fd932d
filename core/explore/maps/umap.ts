import { gaussian, mulberry32 } from '../../base/numeric/random.ts';
import { fuzzyUnion, memberships, type Edges, type NeighbourLists } from './fuzzy-set.ts';

/** 1 / (1 + a d^2b), fitted for min_dist 0.1 and spread 1, UMAP's defaults. */
const A = 1.576943;
const B = 0.8950609;
const NEGATIVES = 5;
/** A step never moves a point farther than this, times the rate. */
const CLIP = 4;
/** Half the width of the map at the start. */
const START_EXTENT = 10;

/** Epochs: small sets need more to converge, and have the time. */
function epochsFor(n: number): number {
  return n <= 10_000 ? 500 : 200;
}

/**
 * Places n rows in the plane so that neighbours stay neighbours: UMAP's layout by stochastic gradient descent with
 * negative sampling (McInnes, Healy & Melville 2018, arXiv 1802.03426, algorithm 5), started from `start` (n x 2, the
 * principal components). The same lists, start and seed give the same places on the same machine. Calls `progress` every
 * epoch. Returns x and y by row.
 */
export function layOut(
  lists: NeighbourLists,
  start: Float32Array,
  seed: number,
  progress: (epoch: number, of: number) => void,
): Float32Array {
  const n = lists.index.length / lists.k;
  const epochs = epochsFor(n);
  const edges = fuzzyUnion(lists, 1 / epochs);
  const places = spread(start, seed);
  descend(places, edges, n, epochs, seed, progress);
  return places;
}

/** Scaled to the usual extent, with a little noise to separate copies. */
function spread(start: Float32Array, seed: number): Float32Array {
  const random = mulberry32(seed);
  const largest = start.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = largest > 0 ? START_EXTENT / largest : 0;
  return start.map((value) => value * scale + 1e-4 * gaussian(random));
}

/**
 * The slopes of attraction and of repulsion by squared distance, tabulated by the leading bits of its float32, since the power would
 * be most of the work. Steps of 1/256 in the argument are far below what the sampling adds.
 */
function slopes(): { attraction: Float32Array; repulsion: Float32Array } {
  const attraction = new Float32Array(1 << 16);
  const repulsion = new Float32Array(1 << 16);
  const bits = new Uint32Array(1);
  const value = new Float32Array(bits.buffer);
  for (let key = 0; key < 1 << 16; key++) {
    // The middle of the step.
    bits[0] = (key << 15) | (1 << 14);
    const squared = value[0]!;
    if (!Number.isFinite(squared)) continue;
    const power = squared ** B;
    attraction[key] = (-2 * A * B * power) / squared / (A * power + 1);
    repulsion[key] = (2 * B) / ((0.001 + squared) * (A * power + 1));
  }
  return { attraction, repulsion };
}

function descend(
  places: Float32Array,
  { head, tail, weight }: Edges,
  n: number,
  epochs: number,
  seed: number,
  progress: (epoch: number, of: number) => void,
): void {
  const { attraction, repulsion } = slopes();
  const bits = new Uint32Array(1);
  const float = new Float32Array(bits.buffer);
  const strongest = weight.reduce((most, value) => Math.max(most, value), 0);
  // An edge is used every `every` epochs, the strongest in every epoch.
  const every = weight.map((value) => strongest / value);
  const next = every.slice();
  const nextNegative = every.map((value) => value / NEGATIVES);
  const toRow = n / 2 ** 32;
  // xorshift never leaves zero.
  let state = (seed * 2 + 1) | 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const rate = 1 - epoch / epochs;
    for (let e = 0; e < head.length; e++) {
      if (next[e]! > epoch) continue;
      const i = 2 * head[e]!;
      const j = 2 * tail[e]!;
      let x = places[i]!;
      let y = places[i + 1]!;
      let dx = x - places[j]!;
      let dy = y - places[j + 1]!;
      float[0] = dx * dx + dy * dy;
      if (float[0] > 0) {
        const slope = attraction[bits[0]! >>> 15]!;
        const stepX = rate * clip(slope * dx);
        const stepY = rate * clip(slope * dy);
        x += stepX;
        y += stepY;
        places[j]! -= stepX;
        places[j + 1]! -= stepY;
      }
      next[e]! += every[e]!;
      const negativeEvery = every[e]! / NEGATIVES;
      const negatives = Math.floor((epoch - nextNegative[e]!) / negativeEvery);
      for (let s = 0; s < negatives; s++) {
        // xorshift32 (Marsaglia 2003), inlined: a call for each of a billion numbers would show.
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        const other = 2 * ((toRow * (state >>> 0)) | 0);
        if (other === i) continue;
        dx = x - places[other]!;
        dy = y - places[other + 1]!;
        float[0] = dx * dx + dy * dy;
        if (float[0] === 0) continue;
        const slope = repulsion[bits[0]! >>> 15]!;
        x += rate * clip(slope * dx);
        y += rate * clip(slope * dy);
      }
      if (negatives > 0) nextNegative[e]! += negatives * negativeEvery;
      places[i] = x;
      places[i + 1] = y;
    }
    progress(epoch + 1, epochs);
  }
}

function clip(value: number): number {
  return value > CLIP ? CLIP : value < -CLIP ? -CLIP : value;
}

/**
 * Places new rows among placed ones, at the mean of their neighbours weighted by `memberships`. UMAP starts new
 * points there; for a million of them it is also where they stay.
 */
export function placeAmong(lists: NeighbourLists, places: Float32Array): Float32Array {
  const { k, index } = lists;
  const weights = memberships(lists);
  const n = index.length / k;
  const found = new Float32Array(2 * n);
  for (let i = 0; i < n; i++) {
    let total = 0;
    for (let at = i * k; at < (i + 1) * k; at++) {
      const row = index[at]!;
      if (row < 0) continue;
      found[2 * i]! += weights[at]! * places[2 * row]!;
      found[2 * i + 1]! += weights[at]! * places[2 * row + 1]!;
      total += weights[at]!;
    }
    if (total > 0) {
      found[2 * i]! /= total;
      found[2 * i + 1]! /= total;
    }
  }
  return found;
}
