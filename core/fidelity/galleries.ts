import type { Galleries, Shown } from '../../rpc/contract/reports.ts';
import { kthWithin, nearestOf, type Distances } from './distances.ts';
import type { ImageSet } from './image-set.ts';

/** Neighbours that make the ball of an image, as for precision and coverage (support.ts). */
const K = 5;
const MOST_SHOWN = 24;

/**
 * The images that say most about a batch, at most 24 of each, and the rows of all real images that have vanished:
 *
 * - `vanished`: real images that no generated one covers (none is nearer than the 5th real neighbour), the farthest
 *   first;
 * - `fresh`: kinds that the real images lack. Of the generated images that lie in no real image's ball, groups of at
 *   least 6 that hang together: each no farther from another than real images there are from their 5th neighbour. The
 *   one with the most neighbours stands for its group; the largest group first;
 * - `furthest`: generated images farthest out, by the least of their distances to real images over the balls of these:
 *   from 1 on, they lie in no ball, as for precision.
 *
 * @param within distances between real images
 * @param own distances between generated images
 * @param between real x generated
 */
export function galleriesOf(
  real: ImageSet,
  generated: ImageSet,
  within: Distances,
  own: Distances,
  between: Distances,
): { galleries: Galleries; uncovered: number[] } {
  const radius = kthWithin(within, Math.min(K, within.rows - 1));
  const toGenerated = nearestOf(between);
  const realRatio = Array.from(toGenerated.distance, (distance, r) => over(distance, radius[r]!));
  const { ratio, reach } = depthOf(between, radius);
  const uncovered = farthestFirst(realRatio).filter((r) => realRatio[r]! >= 1);
  const outlying = farthestFirst(ratio).filter((g) => ratio[g]! >= 1);
  return {
    uncovered,
    galleries: {
      vanished: {
        images: uncovered.length,
        of: within.rows,
        shown: uncovered.slice(0, MOST_SHOWN).map((r) => shown(real, r, realRatio[r]!)),
      },
      fresh: kindsAmong(outlying, own, reach).map((g) => shown(generated, g, ratio[g]!)),
      furthest: farthestFirst(ratio)
        .slice(0, MOST_SHOWN)
        .map((g) => shown(generated, g, ratio[g]!)),
    },
  };
}

/** How far out each generated image lies, and the ball of the real image by which it is measured. */
function depthOf(
  { rows, columns, data }: Distances,
  radius: Float64Array,
): { ratio: number[]; reach: Float64Array } {
  const ratio = Array<number>(columns).fill(Number.MAX_VALUE);
  const reach = new Float64Array(columns);
  for (let r = 0; r < rows; r++)
    for (let g = 0; g < columns; g++) {
      const own = over(data[r * columns + g]!, radius[r]!);
      if (own < ratio[g]!) [ratio[g], reach[g]] = [own, radius[r]!];
    }
  return { ratio, reach };
}

/** The most typical image of each group of more than 5 that hang together within reach, the largest group first. */
function kindsAmong(rows: readonly number[], own: Distances, reach: Float64Array): number[] {
  const isNear = (a: number, b: number): boolean =>
    own.data[a * own.columns + b]! < Math.min(reach[a]!, reach[b]!);
  const left = new Set(rows);
  const kinds: { size: number; typical: number }[] = [];
  for (const first of rows) {
    if (!left.delete(first)) continue;
    const group = [first];
    let typical = first;
    let most = 0;
    // The group grows while it is walked.
    for (const g of group) {
      const near = rows.filter((other) => other !== g && isNear(g, other));
      if (near.length > most) [typical, most] = [g, near.length];
      for (const other of near) if (left.delete(other)) group.push(other);
    }
    if (group.length > K) kinds.push({ size: group.length, typical });
  }
  return kinds
    .sort((a, b) => b.size - a.size)
    .slice(0, MOST_SHOWN)
    .map(({ typical }) => typical);
}

/** A ratio of distances; 0 over 0 is not far. */
const over = (distance: number, radius: number): number =>
  radius > 0 ? distance / radius : distance > 0 ? Number.MAX_VALUE : 0;

const farthestFirst = (ratios: readonly number[]): number[] =>
  [...ratios.keys()].sort((a, b) => ratios[b]! - ratios[a]!);

const shown = ({ sha256, path, label }: ImageSet, i: number, ratio: number): Shown => ({
  sha256: sha256[i]!,
  path: path[i]!,
  label: label[i]!,
  ratio,
});
