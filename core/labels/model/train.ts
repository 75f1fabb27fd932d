import type { TaskContext } from '../../../rpc/progress.ts';
import type { Kernels } from '../../../models/types.ts';
import { AssayError } from '../../../rpc/errors.ts';
import { crossEntropy, softmaxRows, type SoftLabels } from '../../base/numeric/softmax.ts';
import { softTargets } from '../soft-labels.ts';
import { accuracyOf, brierScore, expectedCalibrationError, fitTemperature } from './calibration.ts';
import { halfSplits, stratifiedFolds, checkSeed, standardise } from './seed.ts';
import { linear, spread, type CrossValidation, type LabelModel } from './model.ts';

/** Folds of the search for the penalty. */
export const FOLDS = 5;
const PAIRS = 4;
/** Strong to weak, so that each fit starts close to its answer and the search can stop when things get worse. */
export const LAMBDAS = [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 3e-4, 1e-4, 3e-5, 1e-5];
const WORSE_IN_A_ROW = 2;
export const SEARCH = { tolerance: 3e-4, maxIterations: 200 };
const FINAL = { tolerance: 1e-5, maxIterations: 500 };

export interface LabelModelTask extends TaskContext {
  /** n x d, row-major, no NaN: the real images that have both an embedding and a label. */
  embeddings: Float32Array;
  /** n class indices, 0..classes-1. */
  labels: Int32Array;
  /** In place of the labels of some rows, shares of the classes. */
  soft?: SoftLabels;
  classes: number;
  kernels: Kernels;
  /** Draws the folds and the halves. */
  seed: number;
  /** A fold 0..4 per row, where rows of one image must not be told apart; drawn by class if left out. */
  folds?: Int32Array;
  /** Pairs of half-sample members; 4 if left out. */
  pairs?: number;
}

/** A label model, with out-of-sample probabilities of its own training images. */
export interface TrainedLabelModel extends LabelModel {
  /**
   * n x classes: calibrated, from the fold model that did not see the row. A row of NaN for the only member of a class:
   * no model can know a class from nothing.
   */
  seedProbabilities: Float64Array;
  /** One n x classes array per pair of members: from the member of the pair that did not see the row. */
  seedEnsemble: Float64Array[];
}

/**
 * Trains the label model on the real images: standardised embeddings, the penalty chosen by 5-fold log-loss, the
 * temperature by out-of-fold log-loss (Guo et al. 2017), a final fit on everything, and 4 pairs of half-sample members
 * for the disagreement score. `NOT_READY` when the real images cannot tell classes apart, `INVALID_INPUT` when the
 * arrays do not fit together, `CANCELLED` when `signal` aborts.
 */
export async function trainLabelModel(task: LabelModelTask): Promise<TrainedLabelModel> {
  const { embeddings, classes, kernels, seed, pairs = PAIRS } = task;
  const { n, dimensions, present, labels, judged } = checkSeed(embeddings, task.labels, classes);
  const columns = present.length;
  const soft = new Map(task.soft?.entries().map(([row, shares]) => [row, ofPresent(shares, present)]));
  const targets = softTargets(soft, columns);
  const { mean, std, rows } = standardise(embeddings, n, dimensions);
  const matrix = `label-model-${crypto.randomUUID()}`;
  const fits = countFits(task, LAMBDAS.length * FOLDS + 1 + 2 * pairs);
  const fit = async (
    sampleWeights: Float64Array,
    lambda: number,
    limits: typeof FINAL,
    start?: Float64Array,
  ): Promise<Float64Array> => {
    fits.next();
    const problem = {
      x: matrix,
      labels,
      ...(targets && { soft: targets }),
      sampleWeights,
      classes: columns,
      lambda,
      ...limits,
    };
    return (await kernels.fitLogistic(start ? { ...problem, start } : problem)).weights;
  };
  /** Logits of some rows, in their order. */
  const logitsOf = (weights: Float64Array, chosen: Int32Array): Float64Array => {
    const own = new Float32Array(chosen.length * dimensions);
    chosen.forEach((row, i) =>
      own.set(rows.subarray(row * dimensions, (row + 1) * dimensions), i * dimensions),
    );
    const bias = dimensions * columns;
    return linear(own, chosen.length, dimensions, weights.subarray(0, bias), weights.subarray(bias));
  };

  await kernels.putMatrix(matrix, rows, n, dimensions);
  try {
    const search = await searchLambda(
      task.folds ?? stratifiedFolds(labels, columns, FOLDS, seed),
      judged,
      columns,
      fit,
      logitsOf,
      { soft },
    );
    fits.skipTo(LAMBDAS.length * FOLDS);
    const weights = await fit(new Float64Array(n).fill(1), search.lambda, FINAL, search.weights);
    const temperature = fitTemperature(search.logits, judged, columns, soft);
    const outOfFold = softmaxRows(search.logits, columns, temperature);

    const members: Float64Array[] = [];
    const seedEnsemble: Float64Array[] = [];
    for (const first of halfSplits(labels, columns, pairs, seed)) {
      const pair = [
        await fit(first, search.lambda, SEARCH, weights),
        await fit(
          first.map((inside) => 1 - inside),
          search.lambda,
          SEARCH,
          weights,
        ),
      ] as const;
      members.push(...pair);
      const unseen = new Float64Array(n * columns);
      pair.forEach((member, second) => {
        const outside = rowsWhere(first, second);
        scatter(logitsOf(member, outside), outside, columns, unseen);
      });
      seedEnsemble.push(softmaxRows(unseen, columns, temperature));
    }
    fits.skipTo(fits.total);
    const asSeedRows = (probabilities: Float64Array): Float64Array =>
      spread(hideUnjudged(probabilities, judged, columns), { present, classes });
    return {
      classes,
      dimensions,
      present,
      mean,
      std,
      weights,
      members,
      temperature,
      lambda: search.lambda,
      cv: search.cv,
      ece: expectedCalibrationError(outOfFold, judged, columns),
      brier: brierScore(outOfFold, judged, columns),
      accuracy: accuracyOf(outOfFold, judged, columns),
      seedProbabilities: asSeedRows(outOfFold),
      seedEnsemble: seedEnsemble.map(asSeedRows),
    };
  } finally {
    await kernels.dropMatrix(matrix);
  }
}

type Fit = (
  sampleWeights: Float64Array,
  lambda: number,
  limits: typeof FINAL,
  start?: Float64Array,
) => Promise<Float64Array>;

interface Search {
  lambda: number;
  cv: CrossValidation[];
  /** n x columns out-of-fold logits at that lambda. */
  logits: Float64Array;
  /** Of one of the folds: where the final fit starts. */
  weights: Float64Array;
}

/**
 * Walks a grid of penalties, strong to weak, with warm starts until the log-loss outside five folds has been worse than
 * its best twice in a row. `judged` are the labels of the rows, -1 for those that no loss counts.
 */
export async function searchLambda(
  fold: Int32Array,
  judged: Int32Array,
  columns: number,
  fit: Fit,
  logitsOf: (weights: Float64Array, chosen: Int32Array) => Float64Array,
  { lambdas = LAMBDAS, soft }: { lambdas?: readonly number[]; soft?: SoftLabels } = {},
): Promise<Search> {
  const cv: CrossValidation[] = [];
  const warm: (Float64Array | undefined)[] = Array.from({ length: FOLDS }, () => undefined);
  let best: (Search & { logLoss: number }) | undefined;
  let worse = 0;
  for (const lambda of lambdas) {
    const logits = new Float64Array(fold.length * columns);
    for (let held = 0; held < FOLDS; held++) {
      const inside = Float64Array.from(fold, (of) => (of === held ? 0 : 1));
      const weights = await fit(inside, lambda, SEARCH, warm[held]);
      warm[held] = weights;
      const outside = rowsWhere(fold, held);
      scatter(logitsOf(weights, outside), outside, columns, logits);
    }
    const logLoss = crossEntropy(logits, judged, columns, 1, soft);
    cv.push({ lambda, logLoss, accuracy: accuracyOf(logits, judged, columns) });
    if (!best || logLoss < best.logLoss) {
      best = { lambda, cv, logits, weights: warm[0]!, logLoss };
      worse = 0;
    } else if (++worse === WORSE_IN_A_ROW) break;
  }
  return best!;
}

/** Shares of the classes that the seed shows. */
const ofPresent = (shares: Float64Array, present: Int32Array): Float64Array =>
  Float64Array.from(present, (label) => shares[label]!);

/** The row numbers that hold `value`. */
function rowsWhere(column: ArrayLike<number>, value: number): Int32Array {
  return Int32Array.from({ length: column.length }, (_, i) => i).filter((i) => column[i] === value);
}

/** Puts consecutive rows of `values` where `rows` says. */
function scatter(values: Float64Array, rows: Int32Array, columns: number, into: Float64Array): void {
  rows.forEach((row, i) => into.set(values.subarray(i * columns, (i + 1) * columns), row * columns));
}

function hideUnjudged(probabilities: Float64Array, judged: Int32Array, columns: number): Float64Array {
  const out = probabilities.slice();
  judged.forEach((label, i) => {
    if (label < 0) out.fill(Number.NaN, i * columns, (i + 1) * columns);
  });
  return out;
}

/** Reports fits as they start, and stops the training between two of them. */
function countFits({ signal, progress }: TaskContext, total: number) {
  let done = 0;
  const report = (): void => progress({ stage: 'training the label model', done, total, unit: 'fits' });
  return {
    total,
    next: (): void => {
      if (signal.aborted) throw new AssayError('CANCELLED', 'Training of the label model was stopped.');
      report();
      done++;
    },
    skipTo: (count: number): void => {
      done = count;
      report();
    },
  };
}
