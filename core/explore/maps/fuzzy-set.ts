/** Steps of the search for a bandwidth, and how near it must come. */
const SEARCH_STEPS = 64;
const TOLERANCE = 1e-5;
/** A bandwidth is at least this part of the mean distance, so that copies do not exclude everything else. */
const LEAST_BANDWIDTH = 1e-3;

/** The k nearest of each row, without itself: n x k, nearest first; -1 and Infinity if there are fewer. */
export interface NeighbourLists {
  k: number;
  index: Int32Array;
  distance: Float32Array;
}

/** A weighted graph, every edge in both directions, by its first end. */
export interface Edges {
  head: Int32Array;
  tail: Int32Array;
  /** 0..1. */
  weight: Float32Array;
}

/**
 * How strongly each row belongs with each of its neighbours, n x k of 0..1: exp(-max(0, d - rho) / sigma), rho being the
 * distance of the nearest one that is no copy, and sigma such that the row's weights sum to log2(k)
 * (McInnes, Healy & Melville 2018, arXiv 1802.03426, section 3.1 and algorithm 3).
 */
export function memberships({ k, index, distance }: NeighbourLists): Float32Array {
  const weights = new Float32Array(index.length);
  let sum = 0;
  let count = 0;
  for (const value of distance)
    if (Number.isFinite(value)) {
      sum += value;
      count++;
    }
  const floorOfAll = LEAST_BANDWIDTH * (count > 0 ? sum / count : 0);
  for (let start = 0; start < index.length; start += k) {
    const row = distance.subarray(start, start + k).filter(Number.isFinite);
    if (row.length === 0) continue;
    const rho = row.find((value) => value > 0) ?? 0;
    const own = row.reduce((total, value) => total + value, 0) / row.length;
    const sigma = Math.max(bandwidth(row, rho, Math.log2(k)), rho > 0 ? LEAST_BANDWIDTH * own : floorOfAll);
    for (let j = 0; j < row.length; j++) {
      const beyond = row[j]! - rho;
      weights[start + j] = beyond <= 0 || sigma === 0 ? 1 : Math.exp(-beyond / sigma);
    }
  }
  return weights;
}

function bandwidth(row: Float32Array, rho: number, target: number): number {
  let low = 0;
  let high = Infinity;
  let sigma = 1;
  for (let step = 0; step < SEARCH_STEPS; step++) {
    let sum = 0;
    for (const value of row) sum += value > rho ? Math.exp(-(value - rho) / sigma) : 1;
    if (Math.abs(sum - target) < TOLERANCE) break;
    if (sum > target) high = sigma;
    else low = sigma;
    sigma = high === Infinity ? sigma * 2 : (low + high) / 2;
  }
  return sigma;
}

/**
 * The fuzzy union of both directed weights of an edge: w + v - w v (the same paper, section 3.1). Edges whose weight
 * is under `least` times the largest one are left out, both ways.
 */
export function fuzzyUnion(lists: NeighbourLists, least: number): Edges {
  const { k, index } = lists;
  const weights = memberships(lists);
  const n = index.length / k;
  const heads: number[] = [];
  const tails: number[] = [];
  const strengths: number[] = [];
  const degree = new Int32Array(n + 1);
  const each = (use: (head: number, tail: number, weight: number) => void): void => {
    for (let i = 0; i < n; i++)
      for (let at = i * k; at < (i + 1) * k; at++) {
        const j = index[at]!;
        if (j < 0) continue;
        const back = placeOf(index, k, j, i);
        // An edge known from both ends is added from the lower number.
        if (back >= 0 && j < i) continue;
        const other = back < 0 ? 0 : weights[back]!;
        use(i, j, weights[at]! + other - weights[at]! * other);
      }
  };
  let largest = 0;
  each((_head, _tail, weight) => (largest = Math.max(largest, weight)));
  each((head, tail, weight) => {
    if (weight <= 0 || weight < least * largest) return;
    heads.push(head);
    tails.push(tail);
    strengths.push(weight);
    degree[head + 1]!++;
    degree[tail + 1]!++;
  });
  for (let i = 0; i < n; i++) degree[i + 1]! += degree[i]!;
  const count = 2 * heads.length;
  const edges: Edges = {
    head: new Int32Array(count),
    tail: new Int32Array(count),
    weight: new Float32Array(count),
  };
  const put = (head: number, tail: number, weight: number): void => {
    const at = degree[head]!++;
    edges.head[at] = head;
    edges.tail[at] = tail;
    edges.weight[at] = weight;
  };
  for (let e = 0; e < heads.length; e++) {
    put(heads[e]!, tails[e]!, strengths[e]!);
    put(tails[e]!, heads[e]!, strengths[e]!);
  }
  return edges;
}

function placeOf(index: Int32Array, k: number, row: number, wanted: number): number {
  for (let at = row * k; at < (row + 1) * k; at++) if (index[at] === wanted) return at;
  return -1;
}
