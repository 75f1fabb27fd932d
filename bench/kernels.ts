import { availableParallelism } from 'node:os';
import { gaussian, mulberry32, randomIndex } from '../core/numeric/random.ts';
import { trainLabelModel } from '../core/scores/label-model/train.ts';
import { InferenceProcess } from '../models/inference-process.ts';
import { timed, type BenchContext } from './context.ts';
import { matMulGflops } from './matmul.ts';
import { number, percent, type Table } from './report.ts';

const COLUMNS = 256;
const CLASSES = 12;
const LABEL_NOISE = 0.05;
/** Distance of class centres in standard deviations per dimension: classes touch, as real ones do. */
const SPREAD = 0.25;
const NEIGHBOURS = 10;

export interface KernelRates {
  rows: number;
  columns: number;
  threads: number;
  labelModel: { classes: number; labelNoise: number; seconds: number; accuracy: number; lambda: number };
  nearest: { k: number; seconds: number; gflops: number };
  /** Of a plain product of the same two matrices. */
  matMulGflops: number;
  nearestShareOfMatMul: number;
}

/** Rows around a centre per class, and their labels, some of them wrong. */
export function gaussianClusters(rows: number, seed: number): { data: Float32Array; labels: Int32Array } {
  const random = mulberry32(seed);
  const centres = Float32Array.from({ length: CLASSES * COLUMNS }, () => SPREAD * gaussian(random));
  const data = new Float32Array(rows * COLUMNS);
  const labels = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const own = row % CLASSES;
    for (let j = 0; j < COLUMNS; j++)
      data[row * COLUMNS + j] = centres[own * COLUMNS + j]! + gaussian(random);
    labels[row] = random() < LABEL_NOISE ? (own + 1 + randomIndex(random, CLASSES - 1)) % CLASSES : own;
  }
  return { data, labels };
}

/** The two kernels whose cost grows fastest, on rows x 256 embeddings, and the matrix product that bounds one of them. */
export async function measureKernels(bench: BenchContext, rows: number): Promise<KernelRates> {
  const { data, labels } = gaussianClusters(rows, 1);
  const { signal, progress } = bench;
  const kernels = await InferenceProcess.start({ signal });
  try {
    bench.say(`Kernels: label model on ${rows} x ${COLUMNS} …`);
    const training = await timed(() =>
      trainLabelModel({ embeddings: data, labels, classes: CLASSES, kernels, seed: 1, signal, progress }),
    );
    bench.say(`Kernels: ${NEIGHBOURS} nearest neighbours, ${rows} x ${rows} …`);
    await kernels.putMatrix('rows', data, rows, COLUMNS);
    const self = Int32Array.from(labels, (_, row) => row);
    const searching = await timed(() => kernels.nearest(data, 'rows', NEIGHBOURS, self));
    const gflops = (2 * rows * rows * COLUMNS) / searching.seconds / 1e9;
    bench.say('Kernels: plain matrix product …');
    const threads = availableParallelism();
    const limit = await matMulGflops(data, rows, COLUMNS, threads);
    return {
      rows,
      columns: COLUMNS,
      threads,
      labelModel: {
        classes: CLASSES,
        labelNoise: LABEL_NOISE,
        seconds: training.seconds,
        accuracy: training.value.accuracy,
        lambda: training.value.lambda,
      },
      nearest: { k: NEIGHBOURS, seconds: searching.seconds, gflops },
      matMulGflops: limit,
      nearestShareOfMatMul: gflops / limit,
    };
  } finally {
    await kernels.close();
  }
}

export function kernelTable(rates: KernelRates): Table {
  const { labelModel, nearest } = rates;
  return {
    title: `Kernels: ${number(rates.rows)} x ${rates.columns} numbers, ${rates.threads} threads`,
    columns: ['kernel', 'seconds', 'GFLOP/s', 'share of MatMul'],
    rows: [
      [`label model, ${labelModel.classes} classes`, number(labelModel.seconds), '', ''],
      [
        `exact nearest neighbours, k = ${nearest.k}`,
        number(nearest.seconds),
        number(nearest.gflops),
        percent(rates.nearestShareOfMatMul),
      ],
      ['limit: plain MatMul of the same matrices', '', number(rates.matMulGflops), ''],
    ],
    notes: [
      `The label model is the whole training (search of the penalty in 5 folds, final fit, 8 half-sample members) on Gaussian clusters with ${percent(labelModel.labelNoise)} wrong labels; out-of-fold accuracy ${labelModel.accuracy.toFixed(3)} against the labels as given.`,
      'Nearest neighbours are all against all, counted as 2 x rows x rows x columns operations. MatMul is ONNX Runtime alone, on as many threads, in the best of several block heights.',
    ],
  };
}
