import { entropy } from '../../base/numeric/entropy.ts';
import { defineSelection, type SelectionTask } from './define.ts';
import { coverGreedily, typicalSquaredDistance } from './herding.ts';

/** The kernel is this much narrower than the typical distance between images. */
const NARROWER = 4;

/** Each image's calibrated uncertainty: entropy over ln(classes), or 1 for all without a model. */
function uncertainties({ probabilities, classes, candidates, dimensions }: SelectionTask): Float64Array {
  const n = candidates.length / dimensions;
  if (!probabilities || classes < 2) return new Float64Array(n).fill(1);
  return Float64Array.from(
    { length: n },
    (_, i) => entropy(probabilities, i * classes, classes) / Math.log(classes),
  );
}

async function select(task: SelectionTask): Promise<number[]> {
  const scale = typicalSquaredDistance(task) / NARROWER;
  return coverGreedily(task, uncertainties(task), (squared) => Math.exp(-squared / (2 * scale)));
}

export default defineSelection({
  id: 'uncertainty-herding',
  title: 'How much that is uncertain it stands for',
  meaning: 'covers what is uncertain rather than everything; strong at small and at large budgets',
  source: 'Bae et al. 2025; without a model it is MaxHerding (Bae et al. 2024)',
  needs: ['embeddings'],
  select,
});
