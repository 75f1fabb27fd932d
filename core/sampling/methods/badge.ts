import { AssayError } from '../../../rpc/errors.ts';
import { defineSelection, type SelectionTask } from './define.ts';
import { argmax, breathe, dot, squaredNorms, weighted } from './rows.ts';

/**
 * The gradient embedding of a candidate is `(onehot(argmax p) - p) (x) h`. Its norms and distances are had from the two
 * factors, `|a_i|^2 |h_i|^2 + |a_j|^2 |h_j|^2 - 2 (a_i.a_j)(h_i.h_j)`, so no vector of classes x dimensions is made.
 */
export class GradientEmbedding {
  readonly #embeddings: Float32Array;
  readonly #dimensions: number;
  readonly #errors: Float32Array;
  readonly #classes: number;
  /** Squared norm of every candidate's gradient. */
  readonly squared: Float64Array;

  constructor(embeddings: Float32Array, dimensions: number, probabilities: Float64Array, classes: number) {
    this.#embeddings = embeddings;
    this.#dimensions = dimensions;
    this.#classes = classes;
    this.#errors = Float32Array.from(probabilities, (p) => -p);
    const n = embeddings.length / dimensions;
    for (let i = 0; i < n; i++) {
      const row = probabilities.subarray(i * classes, (i + 1) * classes);
      this.#errors[i * classes + argmax(row)]! += 1;
    }
    const errorNorms = squaredNorms(this.#errors, classes);
    this.squared = squaredNorms(embeddings, dimensions).map((norm, i) => norm * errorNorms[i]!);
  }

  squaredDistance(i: number, j: number): number {
    const errors = dot(this.#errors, i, this.#errors, j, this.#classes);
    const embeddings = dot(this.#embeddings, i, this.#embeddings, j, this.#dimensions);
    return Math.max(0, this.squared[i]! + this.squared[j]! - 2 * errors * embeddings);
  }
}

/** The longest gradient first, then D^2 sampling among gradients. O(budget n (d + classes)). */
async function select(task: SelectionTask): Promise<number[]> {
  const { candidates, dimensions, probabilities, classes, budget, random, signal } = task;
  if (!probabilities)
    throw new AssayError('NOT_READY', 'BADGE needs the label model: import a labelled seed and score first.');
  const gradients = new GradientEmbedding(candidates, dimensions, probabilities, classes);
  const n = gradients.squared.length;
  const nearest = new Float64Array(n).fill(Infinity);
  const chosen: number[] = [];
  while (chosen.length < Math.min(budget, n)) {
    await breathe(chosen.length, signal);
    const drawn = chosen.length === 0 ? argmax(gradients.squared) : weighted(nearest, random);
    const next = drawn < 0 ? argmax(nearest) : drawn;
    chosen.push(next);
    nearest[next] = Number.NaN;
    for (let i = 0; i < n; i++)
      if (!Number.isNaN(nearest[i]!)) nearest[i] = Math.min(nearest[i]!, gradients.squaredDistance(i, next));
  }
  return chosen;
}

export default defineSelection({
  id: 'badge',
  title: 'BADGE',
  meaning:
    'takes images that would change the model most, in different directions; repeats nothing, skips what is sure',
  source: 'Ash et al. 2020',
  needs: ['probabilities', 'embeddings'],
  select,
});
