import type { BatchReport } from '../../rpc/contract/reports.ts';
import { nearestOf, transposed, type Distances } from './distances.ts';
import type { ImageSet } from './image-set.ts';

/** A rare kind of image has few of its own kind about it: with 50, as Carlini et al. take, all near it would look copied. */
const CROWD = 10;
/** A generated image this much nearer to a real one than that one's surroundings are is shown as a possible copy. */
const COPY_RATIO = 0.35;
export const MOST_PAIRS = 24;

/**
 * Pairs whose distance is small against the mean distance of the real image to its 10 nearest real ones, the closest
 * first. No measure tells memorising from a narrow world: a person has to look. `between` is real x generated.
 */
export function possibleCopies(
  real: ImageSet,
  batch: ImageSet,
  within: Distances,
  between: Distances,
): BatchReport['memorised'] {
  const crowd = Math.min(CROWD, within.rows - 1);
  const around = Float64Array.from({ length: within.rows }, (_, i) => {
    const row = within.data.slice(i * within.columns, (i + 1) * within.columns);
    row[i] = Infinity;
    return (
      row
        .sort()
        .subarray(0, crowd)
        .reduce((sum, value) => sum + value, 0) / crowd
    );
  });
  const { index, distance } = nearestOf(transposed(between));
  return [...distance.keys()]
    .map((f) => ({
      sha256: batch.sha256[f]!,
      path: batch.path[f]!,
      realSha256: real.sha256[index[f]!]!,
      realPath: real.path[index[f]!]!,
      ratio: around[index[f]!]! > 0 ? distance[f]! / around[index[f]!]! : 1,
      confirmed: false,
    }))
    .filter(({ ratio }) => ratio < COPY_RATIO)
    .sort((a, b) => a.ratio - b.ratio)
    .slice(0, MOST_PAIRS);
}
