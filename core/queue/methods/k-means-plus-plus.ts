import { randomIndex } from '../../base/numeric/random.ts';
import { defineSelection, type SelectionTask } from './define.ts';
import { NearestChosen } from './nearest-chosen.ts';
import { Space } from './space.ts';

/** D^2 sampling: each next one with probability proportional to its squared distance to the nearest chosen or labelled. */
async function select(task: SelectionTask): Promise<number[]> {
  const { candidates, labelled, dimensions, budget, random, signal } = task;
  return Space.within(task, [{ candidates, labelled, columns: dimensions }], async (space) => {
    const near = await NearestChosen.start(space, signal);
    const wanted = Math.min(budget, space.norms.length);
    if (wanted > 0 && space.labelledRows === 0) await near.choose(randomIndex(random, space.norms.length));
    while (near.chosen.length < wanted) await near.chooseBySquares(random);
    return near.chosen;
  });
}

export default defineSelection({
  id: 'k-means-plus-plus',
  title: 'A random spread over all images',
  meaning:
    'spreads over the space in proportion to what is far from everything chosen; knows nothing of the model',
  source: 'Arthur and Vassilvitskii 2007',
  needs: ['embeddings'],
  select,
});
