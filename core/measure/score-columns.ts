import type { Store } from '../../db/store.ts';
import { inPages } from '../base/pages.ts';

/**
 * Scores' values for each of the given sets of images, in their order; NaN where there is none. Lets other work in between
 * pages.
 */
export async function scoreColumns(
  store: Store,
  run: number,
  ids: Iterable<string>,
  sets: number[][],
): Promise<Map<string, Float64Array>[]> {
  const last = store.review.imageCount();
  const rowsOf = sets.map((images) => {
    const rows = new Int32Array(last + 1).fill(-1);
    images.forEach((id, row) => (rows[id] = row));
    return rows;
  });
  const names = new Map(store.scores.names().map((score) => [score.name, score.id]));
  const found = sets.map(() => new Map<string, Float64Array>());
  for (const id of ids) {
    const values = sets.map((images) => new Float64Array(images.length).fill(Number.NaN));
    const scoreId = names.get(id);
    await inPages(0, scoreId === undefined ? 0 : last, (after, upTo) => {
      for (const [imageId, value] of store.review.scoreRange(run, scoreId!, after, upTo))
        for (let s = 0; s < sets.length; s++) {
          const row = rowsOf[s]![imageId]!;
          if (row >= 0) values[s]![row] = value;
        }
    });
    found.forEach((columnsOfSet, s) => columnsOfSet.set(id, values[s]!));
  }
  return found;
}
