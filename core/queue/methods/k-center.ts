import { defineSelection, type SelectionTask } from './define.ts';
import { NearestChosen } from './nearest-chosen.ts';
import { Space } from './space.ts';

/**
 * Furthest first: repeatedly chooses the candidate furthest from its nearest labelled or chosen row. Within twice the
 * smallest possible covering radius. O((m + budget) n d) time, O(n) memory.
 */
async function select(task: SelectionTask): Promise<number[]> {
  const { candidates, labelled, dimensions, budget, signal } = task;
  return Space.within(task, [{ candidates, labelled, columns: dimensions }], async (space) => {
    const near = await NearestChosen.start(space, signal);
    while (near.chosen.length < Math.min(budget, space.norms.length)) await near.chooseFurthest();
    return near.chosen;
  });
}

export default defineSelection({
  id: 'k-center',
  title: 'How far it is from everything chosen',
  meaning: 'covers the space with the smallest radius; goes for outliers, whether they teach anything or not',
  source: 'Sener and Savarese 2018; Gonzalez 1985 (furthest first)',
  needs: ['embeddings'],
  select,
});
