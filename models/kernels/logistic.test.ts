import { beforeAll, describe, expect, test } from 'vitest';
import { openSession } from '../ort-session.ts';
import type { FitSessions } from './blocks.ts';
import { seededRandom } from '../testing/random.ts';
import { fitLogistic, logisticGraph, logisticObjective } from './logistic.ts';
import { fitNetwork, networkGraph, networkObjective } from './network.ts';
import type { LogisticTask } from '../types.ts';
import { squaredNorms, type Matrix } from './matrix-store.ts';

const CPU = { threads: 2, provider: 'cpu' } as const;
let session: FitSessions;

beforeAll(async () => {
  session = {
    hard: await openSession(logisticGraph(), CPU),
    soft: await openSession(logisticGraph(true), CPU),
  };
});

const COLUMNS = 5;
const CLASSES = 3;

/** Three overlapping clouds; rows is more than one block of the kernel. */
function clouds(rows: number): { x: Matrix; task: Omit<LogisticTask, 'x'> } {
  const random = seededRandom(11);
  const labels = Int32Array.from({ length: rows }, (_, row) => row % CLASSES);
  const data = Float32Array.from({ length: rows * COLUMNS }, (_, at) => {
    const label = labels[Math.floor(at / COLUMNS)]!;
    return (at % COLUMNS === label ? 1 : 0) + 2 * (random() + random() - 1);
  });
  const sampleWeights = Float64Array.from({ length: rows }, (_, row) => (row % 7 === 0 ? 0 : 0.5 + random()));
  const x = { data, rows, columns: COLUMNS, squaredNorms: squaredNorms(data, COLUMNS, 'x') };
  return { x, task: { labels, sampleWeights, classes: CLASSES, lambda: 0.01 } };
}

/** The objective as written in `Kernels.fitLogistic`, in float64. */
function plainLoss(x: Matrix, task: Omit<LogisticTask, 'x'>, parameters: Float64Array): number {
  const { labels, sampleWeights, classes, lambda } = task;
  let loss = 0;
  let total = 0;
  for (let row = 0; row < x.rows; row++) {
    if (sampleWeights[row] === 0) continue;
    const logits = Array.from({ length: classes }, (_, c) => {
      let sum = parameters[x.columns * classes + c]!;
      for (let d = 0; d < x.columns; d++) sum += x.data[row * x.columns + d]! * parameters[d * classes + c]!;
      return sum;
    });
    const largest = Math.max(...logits);
    const logSum = largest + Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
    loss += sampleWeights[row]! * (logSum - logits[labels[row]!]!);
    total += sampleWeights[row]!;
  }
  const penalty = parameters.slice(0, x.columns * classes).reduce((sum, w) => sum + w * w, 0);
  return loss / total + (lambda / 2) * penalty;
}

describe('logisticObjective', () => {
  test('equals the formula, and its gradient the finite differences of the formula', async () => {
    const { x, task } = clouds(2500);
    const random = seededRandom(3);
    const at = Float64Array.from({ length: (COLUMNS + 1) * CLASSES }, () => Math.fround(random() - 0.5));
    const gradient = new Float64Array(at.length);
    const value = await logisticObjective(session, x, task)(at, gradient);
    expect(value).toBeCloseTo(plainLoss(x, task, at), 6);
    for (let i = 0; i < at.length; i++) {
      const step = 1e-5;
      const up = at.with(i, at[i]! + step);
      const down = at.with(i, at[i]! - step);
      const slope = (plainLoss(x, task, up) - plainLoss(x, task, down)) / (2 * step);
      expect(gradient[i]).toBeCloseTo(slope, 6);
    }
  });
});

test('the gradient of a network is the finite differences of its loss', async () => {
  const network = { hard: await openSession(networkGraph(), CPU), soft: null };
  const { x, task } = clouds(2500);
  const hidden = 4;
  const random = seededRandom(5);
  const size = (COLUMNS + 1) * hidden + (hidden + 1) * CLASSES;
  const at = Float64Array.from({ length: size }, () => Math.fround(random() - 0.5));
  const objective = networkObjective(network, x, { ...task, hidden, start: at });
  const gradient = new Float64Array(size);
  await objective(at, gradient);
  const unused = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    // Losses are summed from float32, so that the step must be wide.
    const step = 0.01;
    const up = await objective(at.with(i, at[i]! + step), unused);
    const down = await objective(at.with(i, at[i]! - step), unused);
    expect(gradient[i]).toBeCloseTo((up - down) / (2 * step), 4);
  }
  const loss = await objective(at, unused);
  const fit = await fitNetwork(network, x, { ...task, hidden, start: at, maxIterations: 60 });
  expect(await objective(fit.weights, unused)).toBeLessThan(loss - 0.1);
});

describe('soft targets', () => {
  const hidden = 4;
  const random = seededRandom(9);
  const size = {
    logistic: (COLUMNS + 1) * CLASSES,
    network: (COLUMNS + 1) * hidden + (hidden + 1) * CLASSES,
  };
  const at = Float64Array.from({ length: size.network }, () => random() - 0.5);
  const { x, task } = clouds(2500);
  /** Loss and gradient of a task. */
  async function lossOf(kind: keyof typeof size, of: Partial<LogisticTask>): Promise<Float64Array> {
    const whole = { ...task, ...of };
    const point = at.slice(0, size[kind]);
    const objective =
      kind === 'logistic'
        ? logisticObjective(session, x, whole)
        : networkObjective(
            {
              hard: await openSession(networkGraph(), CPU),
              soft: await openSession(networkGraph(true), CPU),
            },
            x,
            { ...whole, hidden, start: point },
          );
    const gradient = new Float64Array(point.length);
    const loss = await objective(point, gradient);
    return Float64Array.of(loss, ...gradient);
  }
  const every = Int32Array.from({ length: 2500 }, (_, row) => row);

  test.each(['logistic', 'network'] as const)(
    'of the %s: one-hot they are the label bit for bit, else the weighted sum of labels',
    async (kind) => {
      const oneHot = new Float64Array(2500 * CLASSES);
      task.labels.forEach((label, row) => (oneHot[row * CLASSES + label] = 1));
      const hard = await lossOf(kind, {});
      expect(await lossOf(kind, { soft: { rows: every, shares: oneHot } })).toEqual(hard);

      const shares = Float64Array.from({ length: 2500 * CLASSES }, (_, i) => [0.5, 0.25, 0.25][i % CLASSES]!);
      const soft = await lossOf(kind, { soft: { rows: every, shares } });
      const of = await Promise.all(
        [0, 1, 2].map((label) => lossOf(kind, { labels: new Int32Array(2500).fill(label) })),
      );
      soft.forEach((value, i) =>
        expect(value).toBeCloseTo(0.5 * of[0]![i]! + 0.25 * of[1]![i]! + 0.25 * of[2]![i]!, 6),
      );
    },
  );

  test('of some rows leave the others their labels, in blocks with and without them', async () => {
    const rows = Int32Array.of(1, 3, 2101);
    const shares = Float64Array.from({ length: 9 }, (_, i) => [0.5, 0.5, 0][i % 3]!);
    const some = await lossOf('logistic', { soft: { rows, shares } });
    const as = (label: number) =>
      lossOf('logistic', { labels: task.labels.map((own, row) => (rows.includes(row) ? label : own)) });
    const [first, second] = [await as(0), await as(1)];
    some.forEach((value, i) => expect(value).toBeCloseTo((first[i]! + second[i]!) / 2, 6));
    const early = await lossOf('logistic', {
      soft: { rows: rows.subarray(0, 2), shares: shares.subarray(0, 6) },
    });
    expect(early).not.toEqual(some);
  });
});

describe('fitLogistic', () => {
  test('ends where no entry of the plain gradient is larger than the tolerance', async () => {
    const { x, task } = clouds(2500);
    const fit = await fitLogistic(session, x, { ...task, tolerance: 1e-5 });
    expect(fit.converged).toBe(true);
    for (let i = 0; i < fit.weights.length; i++) {
      const up = plainLoss(x, task, fit.weights.with(i, fit.weights[i]! + 1e-4));
      const down = plainLoss(x, task, fit.weights.with(i, fit.weights[i]! - 1e-4));
      expect(Math.abs((up - down) / 2e-4)).toBeLessThan(2e-5);
    }
  });

  test('gives the same bits twice, and needs no step from its own answer', async () => {
    const { x, task } = clouds(500);
    const first = await fitLogistic(session, x, task);
    const second = await fitLogistic(session, x, task);
    expect(second.weights).toEqual(first.weights);
    expect(first.iterations).toBeGreaterThan(2);
    const again = await fitLogistic(session, x, { ...task, start: first.weights });
    expect(again.iterations).toBe(0);
  });

  test('pays no heed to rows of weight 0, whatever they hold', async () => {
    const { x, task } = clouds(700);
    const changed: Matrix = { ...x, data: Float32Array.from(x.data) };
    const labels = Int32Array.from(task.labels);
    for (let row = 0; row < x.rows; row += 7) {
      changed.data.fill(1000, row * COLUMNS, (row + 1) * COLUMNS);
      labels[row] = -1;
    }
    const plain = await fitLogistic(session, x, task);
    const fit = await fitLogistic(session, changed, { ...task, labels });
    expect(Array.from(fit.weights)).toEqual(Array.from(plain.weights));
  });

  test('learns the base rates in the bias, unpenalised, when the penalty leaves no weights', async () => {
    const { x, task } = clouds(900);
    const labels = Int32Array.from({ length: 900 }, (_, row) => (row % 10 < 7 ? 0 : row % 10 < 9 ? 1 : 2));
    const sampleWeights = new Float64Array(900).fill(1);
    const fit = await fitLogistic(session, x, {
      ...task,
      labels,
      sampleWeights,
      lambda: 1e5,
      tolerance: 1e-7,
    });
    const bias = fit.weights.slice(COLUMNS * CLASSES);
    expect(Math.exp(bias[0]! - bias[2]!)).toBeCloseTo(7, 2);
    expect(Math.exp(bias[1]! - bias[2]!)).toBeCloseTo(2, 2);
  });

  test('stops at the iterations it is given, and says so', async () => {
    const { x, task } = clouds(500);
    const fit = await fitLogistic(session, x, { ...task, tolerance: 1e-9, maxIterations: 2 });
    expect(fit).toMatchObject({ iterations: 2, converged: false });
  });
});
