import { defineSelection, type SelectionTask } from './define.ts';
import { argmax, breathe, dot, squaredNorms } from './rows.ts';

/**
 * Furthest first: squared distance of every candidate to the nearest labelled row, then again and again the furthest
 * one. Within twice the smallest possible covering radius. O((m + budget) n d) time, O(n) memory.
 */
async function select(task: SelectionTask): Promise<number[]> {
  const { candidates, labelled, dimensions, budget, signal } = task;
  const norms = squaredNorms(candidates, dimensions);
  const labelledNorms = squaredNorms(labelled, dimensions);
  const nearest = new Float64Array(norms.length).fill(Infinity);
  const closer = (rows: Float32Array, rowNorms: Float64Array, j: number): void => {
    for (let i = 0; i < nearest.length; i++) {
      const squared = norms[i]! + rowNorms[j]! - 2 * dot(candidates, i, rows, j, dimensions);
      if (squared < nearest[i]!) nearest[i] = Math.max(0, squared);
    }
  };
  for (let j = 0; j < labelledNorms.length; j++) {
    await breathe(j, signal);
    closer(labelled, labelledNorms, j);
  }
  const chosen: number[] = [];
  while (chosen.length < Math.min(budget, norms.length)) {
    await breathe(chosen.length, signal);
    const next = argmax(nearest);
    chosen.push(next);
    nearest[next] = Number.NaN;
    closer(candidates, norms, next);
  }
  return chosen;
}

export default defineSelection({
  id: 'k-center',
  title: 'k-center (core-set)',
  meaning: 'covers the space with the smallest radius; goes for outliers, whether they teach anything or not',
  source: 'Sener and Savarese 2018; Gonzalez 1985 (furthest first)',
  needs: ['embeddings'],
  select,
});
