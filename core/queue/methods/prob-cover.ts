import { defineSelection, type SelectionTask } from './define.ts';
import { coverGreedily, typicalSquaredDistance } from './herding.ts';

/** The ball's radius as a share of the typical distance between images. */
const RADIUS = 0.5;

async function select(task: SelectionTask): Promise<number[]> {
  const n = task.candidates.length / task.dimensions;
  const radius = RADIUS * RADIUS * typicalSquaredDistance(task);
  return coverGreedily(task, new Float64Array(n).fill(1), (squared) => (squared <= radius ? 1 : 0));
}

export default defineSelection({
  id: 'prob-cover',
  title: 'How many images it stands for',
  meaning: 'covers as many images as possible with balls of one radius; very sensitive to that radius',
  source: 'Yehuda et al. 2022',
  needs: ['embeddings'],
  select,
});
