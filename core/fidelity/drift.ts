import { streamOf } from '../base/numeric/random.ts';
import type { Distances } from './distances.ts';

/**
 * Energy distance between two parts of one set of distances, `2 E|X-Y| - E|X-X'| - E|Y-Y'|` (Szekely & Rizzo 2013), and
 * the share of random splits that give as much or more, the split itself counted: the p-value of "nothing changed".
 */
export function driftTest(
  all: Distances,
  first: number,
  seed: number,
  permutations = 199,
): { distance: number; p: number; permutations: number } {
  const n = all.rows;
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const observed = energy(all, order, first);
  const random = streamOf(seed, 'drift');
  let asLarge = 1;
  for (let round = 0; round < permutations; round++) {
    for (let i = n - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    if (energy(all, order, first) >= observed) asLarge++;
  }
  return { distance: observed, p: asLarge / (permutations + 1), permutations };
}

function energy({ columns, data }: Distances, order: Int32Array, first: number): number {
  const sums = [0, 0, 0];
  for (let i = 0; i < order.length; i++)
    for (let j = 0; j < i; j++) {
      const part = i < first ? 0 : j < first ? 1 : 2;
      sums[part]! += data[order[i]! * columns + order[j]!]!;
    }
  const second = order.length - first;
  return (
    (2 * sums[1]!) / (first * second) - (2 * sums[0]!) / (first * first) - (2 * sums[2]!) / (second * second)
  );
}
