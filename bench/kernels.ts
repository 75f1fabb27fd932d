import { availableParallelism } from 'node:os';
import { mulberry32 } from '../core/base/numeric/random.ts';
import { trainLabelModel } from '../core/labels/model/train.ts';
import { labelReport } from '../core/labels/quality/report.ts';
import { selectionMethods } from '../core/queue/methods/registry.ts';
import { InferenceProcess } from '../models/inference-process.ts';
import { CLASSES, COLUMNS, LABEL_NOISE, gaussianClusters } from './clusters.ts';
import { timed, type BenchContext } from './context.ts';
import { PlainProduct } from './matmul.ts';
import { number, percent, ratio, type Table } from './report.ts';

const NEIGHBOURS = 10;
/** Rows searched, then multiplied, in turns, so that other load on the machine slows both. */
const TURN_ROWS = 8192;
/** Images to choose, and images whose label is already known. */
const CHOSEN = 5000;
const LABELLED = 1000;

export interface KernelRates {
  rows: number;
  columns: number;
  threads: number;
  labelModel: { classes: number; labelNoise: number; seconds: number; accuracy: number; lambda: number };
  labelReport: { seconds: number };
  nearest: { k: number; seconds: number; gflops: number };
  /** Of a plain product of the same two matrices. */
  matMulGflops: number;
  nearestShareOfMatMul: number;
  selection: { chosen: number; labelled: number; methods: SelectionTime[] };
}

/**
 * The parts of the product that grow fastest with the number of images, on rows x 256 embeddings, and the matrix
 * product that bounds the search.
 */
export async function measureKernels(bench: BenchContext, rows: number): Promise<KernelRates> {
  const { data, labels } = gaussianClusters(rows, 1);
  const { signal, progress } = bench;
  const threads = availableParallelism();
  const kernels = await InferenceProcess.start({ signal });
  try {
    bench.say(`Kernels: label model on ${rows} x ${COLUMNS} …`);
    const training = await timed(() =>
      trainLabelModel({ embeddings: data, labels, classes: CLASSES, kernels, seed: 1, signal, progress }),
    );
    bench.say('Kernels: label report …');
    const probabilities = training.value.seedProbabilities;
    const names = Array.from({ length: CLASSES }, (_, c) => `class ${c}`);
    const reporting = await timed(() =>
      labelReport({ classes: CLASSES, probabilities, given: labels }, names, 'real', rows),
    );

    bench.say(`Kernels: ${NEIGHBOURS} nearest neighbours, ${rows} x ${rows} …`);
    await kernels.putMatrix('rows', data, rows, COLUMNS);
    const { searching, multiplying } = await searchAgainstProduct(kernels, data, rows, threads);
    await kernels.dropMatrix('rows');
    const billions = (2 * rows * rows * COLUMNS) / 1e9;
    const rate = billions / multiplying;

    const chosen = Math.min(CHOSEN, Math.floor(rows / 4));
    const methods = await measureSelection(bench, kernels, data, probabilities, LABELLED, chosen);
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
      labelReport: { seconds: reporting.seconds },
      nearest: { k: NEIGHBOURS, seconds: searching, gflops: billions / searching },
      matMulGflops: rate,
      nearestShareOfMatMul: multiplying / searching,
      selection: { chosen, labelled: LABELLED, methods },
    };
  } finally {
    await kernels.close();
  }
}

async function searchAgainstProduct(
  kernels: InferenceProcess,
  data: Float32Array,
  rows: number,
  threads: number,
): Promise<{ searching: number; multiplying: number }> {
  const product = await PlainProduct.open(data, COLUMNS, threads);
  try {
    let [searching, multiplying] = [0, 0];
    for (let first = 0; first < rows; first += TURN_ROWS) {
      const count = Math.min(TURN_ROWS, rows - first);
      const query = data.subarray(first * COLUMNS, (first + count) * COLUMNS);
      const self = Int32Array.from({ length: count }, (_, i) => first + i);
      searching += (await timed(() => kernels.nearest(query, 'rows', NEIGHBOURS, self))).seconds;
      multiplying += await product.seconds(first, count);
    }
    return { searching, multiplying };
  } finally {
    await product.close();
  }
}

export function kernelTable(rates: KernelRates): Table {
  const { labelModel, nearest, selection } = rates;
  const all = nearest.seconds * rates.nearestShareOfMatMul;
  const line = (what: string, seconds: number, share = ''): string[] => [
    what,
    number(seconds),
    ratio(seconds / all),
    share,
  ];
  return {
    title: `Kernels: ${number(rates.rows)} x ${rates.columns} numbers, ${rates.threads} threads`,
    columns: ['kernel', 'seconds', 'products', 'share of MatMul'],
    rows: [
      line(
        `exact nearest neighbours, k = ${nearest.k} (${number(nearest.gflops)} GFLOP/s)`,
        nearest.seconds,
        percent(rates.nearestShareOfMatMul),
      ),
      line(`limit: plain MatMul of all with all (${number(rates.matMulGflops)} GFLOP/s)`, all),
      line(`label model, ${labelModel.classes} classes, with out-of-fold probabilities`, labelModel.seconds),
      line('label report, with every filter', rates.labelReport.seconds),
      ...selection.methods.map(({ id, seconds }) =>
        line(`select ${number(selection.chosen)}: ${id}`, seconds),
      ),
    ],
    notes: [
      `The label model is the whole training (search of the penalty in 5 folds, final fit, 8 half-sample members) on Gaussian clusters with ${percent(labelModel.labelNoise)} wrong labels; out-of-fold accuracy ${labelModel.accuracy.toFixed(3)} against the labels as given.`,
      'Nearest neighbours are all against all, counted as 2 x rows x rows x columns operations. MatMul is ONNX Runtime alone, on as many threads, at the best of several block heights, in turns with the search. "products" are seconds over those of that whole product.',
      `Selection is from all rows, with ${number(selection.labelled)} of other rows labelled already.`,
    ],
  };
}

interface SelectionTime {
  id: string;
  seconds: number;
}

/** Seconds that every selection method takes to choose some of the rows, with probabilities of classes per row. */
async function measureSelection(
  bench: BenchContext,
  kernels: InferenceProcess,
  candidates: Float32Array,
  probabilities: Float64Array,
  labelledRows: number,
  budget: number,
): Promise<SelectionTime[]> {
  const labelled = gaussianClusters(labelledRows, 2).data;
  const times: SelectionTime[] = [];
  for (const [id, method] of selectionMethods) {
    bench.say(`Selection: ${budget} of ${candidates.length / COLUMNS} by ${id} …`);
    const { seconds } = await timed(() =>
      method.select({
        dimensions: COLUMNS,
        candidates,
        labelled,
        probabilities,
        classes: CLASSES,
        budget,
        random: mulberry32(3),
        kernels,
        signal: bench.signal,
      }),
    );
    times.push({ id, seconds });
  }
  return times;
}
