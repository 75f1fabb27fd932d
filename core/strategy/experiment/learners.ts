import type { Kernels, LogisticTask } from '../../../models/types.ts';
import type { LearnerId } from '../../../rpc/contract/experiments.ts';
import { gaussian, streamOf } from '../../base/numeric/random.ts';
import { softmaxRows, type SoftLabels } from '../../base/numeric/softmax.ts';
import { softTargets } from '../../labels/soft-labels.ts';
import { linear } from '../../labels/model/model.ts';
import { stratifiedFolds } from '../../labels/model/seed.ts';
import { FOLDS, LAMBDAS, SEARCH, searchLambda } from '../../labels/model/train.ts';
import { answersOf, type Answers } from './metrics.ts';

/** What a learner is fitted to: rows of a matrix in the kernels' process. */
export interface Lesson {
  matrix: string;
  dimensions: number;
  classes: number;
  /** -1 for rows that are not learnt from. */
  labels: Int32Array;
  /** In place of the labels of some rows, shares of the classes. */
  soft: SoftLabels;
  lambda: number;
  /** Draws where a network starts. */
  seed: number;
}

interface Kind {
  /** Strong to weak. */
  lambdas: readonly number[];
  fit: (kernels: Kernels, lesson: Lesson, start?: Float64Array) => Promise<Float64Array>;
  /** n x classes. */
  logits: (
    weights: Float64Array,
    rows: Float32Array,
    n: number,
    lesson: Pick<Lesson, 'dimensions' | 'classes'>,
  ) => Float64Array;
}

/** Units of the hidden layer, and steps of its training. */
const HIDDEN = 16;
const STEPS = 80;

const LEARNING: Record<LearnerId, Kind> = {
  logistic: {
    lambdas: LAMBDAS,
    fit: async (kernels, lesson, start) =>
      (await kernels.fitLogistic({ ...taskOf(lesson), ...SEARCH, ...(start && { start }) })).weights,
    logits: (weights, rows, n, { dimensions, classes }) => {
      const bias = dimensions * classes;
      return linear(rows, n, dimensions, weights.subarray(0, bias), weights.subarray(bias));
    },
  },
  network: {
    lambdas: [0.1, 0.03, 0.01, 0.003, 0.001],
    fit: async (kernels, lesson, start = startOf(lesson)) => {
      const task = { ...taskOf(lesson), hidden: HIDDEN, start, ...SEARCH, maxIterations: STEPS };
      return (await kernels.fitNetwork(task)).weights;
    },
    logits: (weights, rows, n, { dimensions, classes }) => {
      const [bias, second, last] = cutsOf(dimensions, classes);
      const into = linear(rows, n, dimensions, weights.subarray(0, bias), weights.subarray(bias, second));
      const hidden = Float32Array.from(into, Math.tanh);
      return linear(hidden, n, HIDDEN, weights.subarray(second, last), weights.subarray(last));
    },
  },
};

/** Where the bias of the first layer begins, the weights of the second, and its bias. */
function cutsOf(dimensions: number, classes: number): [number, number, number] {
  const bias = dimensions * HIDDEN;
  return [bias, bias + HIDDEN, bias + HIDDEN + HIDDEN * classes];
}

function taskOf({ matrix, classes, labels, soft, lambda }: Lesson): LogisticTask {
  const targets = softTargets(soft, classes);
  return {
    x: matrix,
    labels,
    ...(targets && { soft: targets }),
    sampleWeights: Float64Array.from(labels, (label) => (label >= 0 ? 1 : 0)),
    classes,
    lambda,
  };
}

/** Weights drawn as Glorot and Bengio (AISTATS 2010) have it, and biases of 0. */
function startOf({ dimensions, classes, seed }: Lesson): Float64Array {
  const random = streamOf(seed, 'network');
  const [bias, second, last] = cutsOf(dimensions, classes);
  const start = new Float64Array(last + classes);
  for (let i = 0; i < bias; i++) start[i] = gaussian(random) * Math.sqrt(2 / (dimensions + HIDDEN));
  for (let i = second; i < last; i++) start[i] = gaussian(random) * Math.sqrt(2 / (HIDDEN + classes));
  return start;
}

/** Fits a learner, and returns its answers for `n` rows (n x dimensions), standardised as the matrix is. */
export async function learn(
  learner: LearnerId,
  kernels: Kernels,
  lesson: Lesson,
  rows: Float32Array,
  n: number,
): Promise<Answers> {
  const { fit, logits } = LEARNING[learner];
  const weights = await fit(kernels, lesson);
  return answersOf(softmaxRows(logits(weights, rows, n, lesson), lesson.classes), lesson.classes);
}

/**
 * The penalty with the least log-loss outside five folds of the real images, `rows`, which are the matrix. `each` is
 * called before every fit.
 */
export async function choosePenalty(
  learner: LearnerId,
  kernels: Kernels,
  lesson: Omit<Lesson, 'lambda'>,
  rows: Float32Array,
  each: () => void,
): Promise<number> {
  const { fit, logits, lambdas } = LEARNING[learner];
  const { labels, classes, dimensions } = lesson;
  const counts = new Int32Array(classes);
  for (const label of labels) counts[label]!++;
  // The only member of its class cannot be judged by a model that did not see it.
  const judged = labels.map((label) => (counts[label]! > 1 ? label : -1));
  const { lambda } = await searchLambda(
    stratifiedFolds(labels, classes, FOLDS, lesson.seed),
    judged,
    classes,
    async (inside, strength, _, start) => {
      each();
      const own = labels.map((label, i) => (inside[i]! > 0 ? label : -1));
      return fit(kernels, { ...lesson, labels: own, lambda: strength }, start);
    },
    (weights, chosen) => {
      const own = new Float32Array(chosen.length * dimensions);
      chosen.forEach((row, i) =>
        own.set(rows.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions),
      );
      return logits(weights, own, chosen.length, lesson);
    },
    { lambdas, soft: lesson.soft },
  );
  return lambda;
}
