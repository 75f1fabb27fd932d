import type { Kernels } from '../../../models/types.ts';
import type { Arm, ExperimentInput, LearnerId } from '../../../rpc/contract/experiments.ts';
import { LEARNER_WORDS } from '../../../rpc/contract/experiments.ts';
import type { TaskContext } from '../../../rpc/progress.ts';
import type * as z from 'zod';
import type { SoftLabels } from '../../base/numeric/softmax.ts';
import { standardise } from '../../labels/model/seed.ts';
import { drawOrder, labelsOfArm, softOfArm } from './arms.ts';
import { choosePenalty, learn } from './learners.ts';
import type { Answers } from './metrics.ts';

export type Options = z.output<typeof ExperimentInput>;

/** Embeddings, n x dimensions, and a class of each. */
export interface Labelled {
  vectors: Float32Array;
  labels: Int32Array;
}

/** Of some rows, how people's answers are shared among the classes: their target in place of the class. */
interface Soft {
  soft: SoftLabels;
}

/** What an experiment is made of. No image of the hold-out, and no copy or source of one, is in `real` or `synthetic`. */
export interface ExperimentData {
  classes: string[];
  dimensions: number;
  real: Labelled & Soft;
  /** Soft labels are of those as verified. */
  synthetic: Soft & {
    vectors: Float32Array;
    /** Class of each as it came, and as it is after review; -1 where it is not in such arms. */
    generated: Int32Array;
    verified: Int32Array;
  };
  holdout: Labelled;
}

/** The answers of one learner, by arm and seed. */
export interface Learnt {
  learner: LearnerId;
  /** At every real image there is; for n of them it is scaled to the same prior, by their number over n. */
  penalty: number;
  answers: Answers[][];
}

/**
 * Trains every arm at its seeds with each learner, on embeddings standardised by the real images, and returns what they
 * say of the hold-out. The same data and seed give the same answers.
 */
export async function trainGrid(
  data: ExperimentData,
  arms: readonly Arm[],
  { learners, seed }: Pick<Options, 'learners' | 'seed'>,
  kernels: Kernels,
  { progress, signal }: TaskContext,
): Promise<Learnt[]> {
  const { dimensions, real, synthetic, holdout } = data;
  const [n, m] = [real.labels.length, synthetic.generated.length];
  const { mean, std, rows } = standardise(real.vectors, n, dimensions);
  const scaled = (vectors: Float32Array): Float32Array =>
    vectors.map((value, at) => (value - mean[at % dimensions]!) / std[at % dimensions]!);
  const others = scaled(synthetic.vectors);
  const tested = scaled(holdout.vectors);
  const total = learners.length * arms.reduce((sum, arm) => sum + arm.seeds, 0);
  const matrix = `experiment-${crypto.randomUUID()}`;
  const base = { matrix, dimensions, classes: data.classes.length };

  await kernels.putMatrix(matrix, rows, n, dimensions);
  try {
    const learnt: Learnt[] = [];
    for (const learner of learners) {
      const each = (): void => {
        signal.throwIfAborted();
        const stage = `choosing the penalty of the ${LEARNER_WORDS[learner].title.toLowerCase()}`;
        progress({ stage, done: 0, total, unit: 'trainings' });
      };
      const lesson = { ...base, labels: real.labels, soft: real.soft, seed };
      const penalty = await choosePenalty(learner, kernels, lesson, rows, each);
      learnt.push({ learner, penalty, answers: arms.map(() => []) });
    }
    let done = 0;
    for (let training = 0; training < Math.max(...arms.map((arm) => arm.seeds)); training++) {
      const realOrder = drawOrder(seed, training, 'real', n);
      const otherOrder = drawOrder(seed, training, 'synthetic', m);
      const row = (at: number): Float32Array => {
        const [from, place] = at < n ? [rows, realOrder[at]!] : [others, otherOrder[at - n]!];
        return from.subarray(place * dimensions, (place + 1) * dimensions);
      };
      await kernels.putMatrix(
        matrix,
        (first, count) => {
          const part = new Float32Array(count * dimensions);
          for (let i = 0; i < count; i++) part.set(row(first + i), i * dimensions);
          return part;
        },
        n + m,
        dimensions,
      );
      const realLabels = realOrder.map((place) => real.labels[place]!);
      const inOrder = (labels: Int32Array): Int32Array => otherOrder.map((place) => labels[place]!);
      const sources = { generated: inOrder(synthetic.generated), verified: inOrder(synthetic.verified) };
      for (const [a, arm] of arms.entries()) {
        if (training >= arm.seeds) continue;
        const source = arm.source === 'verified' ? sources.verified : sources.generated;
        const labels = labelsOfArm(arm, realLabels, source, seed, training);
        const soft = softOfArm(arm, labels, data, [realOrder, otherOrder]);
        for (const { learner, penalty, answers } of learnt) {
          signal.throwIfAborted();
          progress({ stage: 'training', done: done++, total, unit: 'trainings' });
          const lambda = (penalty * n) / (arm.real + arm.synthetic);
          const lesson = { ...base, labels, soft, lambda, seed: seed + training };
          answers[a]!.push(await learn(learner, kernels, lesson, tested, holdout.labels.length));
        }
      }
    }
    return learnt;
  } finally {
    await kernels.dropMatrix(matrix);
  }
}
