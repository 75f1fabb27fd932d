import { randomIndex } from '../../numeric/random.ts';
import { defineSelection, type SelectionTask } from './define.ts';
import { breathe, dot, squaredNorms, weighted } from './rows.ts';

/** D^2 sampling: each next one with probability proportional to its squared distance to the nearest chosen or labelled. */
async function select(task: SelectionTask): Promise<number[]> {
  const { candidates, labelled, dimensions, budget, random, signal } = task;
  const norms = squaredNorms(candidates, dimensions);
  const labelledNorms = squaredNorms(labelled, dimensions);
  const nearest = new Float64Array(norms.length).fill(labelledNorms.length > 0 ? Infinity : 1);
  const closer = (rows: Float32Array, rowNorms: Float64Array, j: number, first: boolean): void => {
    for (let i = 0; i < nearest.length; i++) {
      const squared = Math.max(0, norms[i]! + rowNorms[j]! - 2 * dot(candidates, i, rows, j, dimensions));
      if (!Number.isNaN(nearest[i]!) && (first || squared < nearest[i]!)) nearest[i] = squared;
    }
  };
  for (let j = 0; j < labelledNorms.length; j++) {
    await breathe(j, signal);
    closer(labelled, labelledNorms, j, false);
  }
  const chosen: number[] = [];
  while (chosen.length < Math.min(budget, norms.length)) {
    await breathe(chosen.length, signal);
    let next = weighted(nearest, random);
    if (next < 0) {
      // Everything left repeats a chosen row: any of them will do.
      const left = [...nearest.keys()].filter((i) => !Number.isNaN(nearest[i]!));
      next = left[randomIndex(random, left.length)]!;
    }
    const first = chosen.length === 0 && labelledNorms.length === 0;
    chosen.push(next);
    nearest[next] = Number.NaN;
    closer(candidates, norms, next, first);
  }
  return chosen;
}

export default defineSelection({
  id: 'k-means-plus-plus',
  title: 'k-means++ (D² sampling)',
  meaning:
    'spreads over the space in proportion to what is far from everything chosen; knows nothing of the model',
  source: 'Arthur and Vassilvitskii 2007',
  needs: ['embeddings'],
  select,
});
