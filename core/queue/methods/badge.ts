import { AssayError } from '../../../rpc/errors.ts';
import { defineSelection, type SelectionTask } from './define.ts';
import { NearestChosen } from './nearest-chosen.ts';
import { argmax } from './rows.ts';
import { Space, type Factor } from './space.ts';

/** The factors of every candidate's gradient embedding, `(onehot(argmax p) - p) (x) h`. */
export function gradientFactors(
  candidates: Float32Array,
  dimensions: number,
  probabilities: Float64Array,
  classes: number,
): Factor[] {
  const errors = Float32Array.from(probabilities, (p) => -p);
  for (let start = 0; start < errors.length; start += classes)
    errors[start + argmax(probabilities.subarray(start, start + classes))]! += 1;
  return [
    { candidates: errors, columns: classes },
    { candidates, columns: dimensions },
  ];
}

/** The longest gradient first, then D^2 sampling among gradients. O(budget n (d + classes)). */
async function select(task: SelectionTask): Promise<number[]> {
  const { candidates, dimensions, probabilities, classes, budget, random, signal } = task;
  if (!probabilities)
    throw new AssayError('NOT_READY', 'BADGE needs the label model: import a labelled seed and score first.');
  const factors = gradientFactors(candidates, dimensions, probabilities, classes);
  return Space.within(task, factors, async (space) => {
    signal?.throwIfAborted();
    const near = await NearestChosen.start(space, signal);
    const wanted = Math.min(budget, space.norms.length);
    if (wanted > 0) await near.choose(argmax(space.norms));
    while (near.chosen.length < wanted) await near.chooseBySquares(random);
    return near.chosen;
  });
}

export default defineSelection({
  id: 'badge',
  title: 'How much it would change the model',
  meaning:
    'takes images that would change the model most, in different directions; repeats nothing, skips what is sure',
  source: 'Ash et al. 2020',
  needs: ['probabilities', 'embeddings'],
  select,
});
