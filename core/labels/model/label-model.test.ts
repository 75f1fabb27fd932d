import golden from '../../../test/goldens/calibration.json' with { type: 'json' };
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InferenceProcess } from '../../../models/inference-process.ts';
import { gaussian, mulberry32 } from '../../base/numeric/random.ts';
import { crossEntropy, softmaxRows } from '../../base/numeric/softmax.ts';
import { brierScore, expectedCalibrationError, fitTemperature } from './calibration.ts';
import { decodeLabelModel, encodeLabelModel, predict } from './model.ts';
import { halfSplits, stratifiedFolds, standardise } from './seed.ts';
import { trainLabelModel, type LabelModelTask, type TrainedLabelModel } from './train.ts';

describe('calibration', () => {
  const logits = Float64Array.from(golden.logits.flat());
  const labels = Int32Array.from(golden.y);

  test('temperature, log-loss, ECE and Brier match the published values', () => {
    const temperature = fitTemperature(logits, labels, 3);
    expect(temperature).toBeCloseTo(golden.T, 6);
    expect(crossEntropy(logits, labels, 3)).toBeCloseTo(golden.nll1, 9);
    expect(crossEntropy(logits, labels, 3, temperature)).toBeCloseTo(golden.nllT, 9);
    const before = softmaxRows(logits, 3);
    const after = softmaxRows(logits, 3, temperature);
    expect(expectedCalibrationError(before, labels, 3)).toBeCloseTo(golden.ece_before, 9);
    expect(expectedCalibrationError(after, labels, 3)).toBeCloseTo(golden.ece_after, 6);
    expect(brierScore(before, labels, 3)).toBeCloseTo(golden.brier, 9);
  });

  test('leaves logits alone that are always right, and clamps those that are always wrong', () => {
    const sure = Float64Array.of(9, 0, 0, 9);
    expect(fitTemperature(sure, Int32Array.of(0, 1), 2)).toBe(1);
    expect(fitTemperature(sure, Int32Array.of(1, 0), 2)).toBeCloseTo(20, 3);
    expect(fitTemperature(sure, Int32Array.of(-1, -1), 2)).toBe(1);
  });
});

describe('folds and halves', () => {
  const labels = Int32Array.from({ length: 103 }, (_, i) => (i < 2 ? 1 : i < 3 ? 2 : 0));

  test('spread every class evenly', () => {
    const fold = stratifiedFolds(labels, 3, 5, 1);
    const sizes = [0, 1, 2, 3, 4].map((held) => fold.filter((of) => of === held).length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    expect(fold[0]).not.toBe(fold[1]);
    expect(stratifiedFolds(labels, 3, 5, 1)).toEqual(fold);
    expect(stratifiedFolds(labels, 3, 5, 2)).not.toEqual(fold);
  });

  test('halve every class, differently for each pair', () => {
    const pairs = halfSplits(labels, 3, 4, 1);
    for (const first of pairs) {
      expect(first[0]! + first[1]!).toBe(1);
      expect(first.slice(3).reduce((sum, inside) => sum + inside, 0)).toBe(50);
    }
    expect(pairs[0]).not.toEqual(pairs[1]);
  });
});

test('standardising floors the spread of dimensions that hardly vary', () => {
  const { mean, std, rows } = standardise(Float32Array.of(0, 5, 1e-6, 2, 5, 0), 2, 3);
  expect([...mean]).toEqual([1, 5, expect.closeTo(5e-7, 12)]);
  expect(std[0]).toBe(1);
  expect(std[1]).toBeCloseTo(0.01 / Math.sqrt(3), 12);
  expect([...rows.subarray(0, 2)]).toEqual([-1, 0]);
  expect(standardise(Float32Array.of(3, 3), 2, 1).std[0]).toBe(1);
});

describe('the trained label model', () => {
  const classes = 4;
  const d = 8;
  let inference: InferenceProcess;
  let trained: TrainedLabelModel;
  const quiet = { signal: new AbortController().signal, progress: () => {} };

  /** Overlapping normal clouds of classes 0, 1 and 3; class 2 has no images. */
  function cloud(n: number, seed: number): { embeddings: Float32Array; labels: Int32Array } {
    const random = mulberry32(seed);
    const labels = Int32Array.from({ length: n }, (_, i) => [0, 1, 3][i % 3]!);
    const embeddings = Float32Array.from(
      { length: n * d },
      (_, at) => 3 + gaussian(random) + (at % d === labels[Math.floor(at / d)]! ? 2 : 0),
    );
    return { embeddings, labels };
  }
  const task = (over: Partial<LabelModelTask> = {}): LabelModelTask => ({
    ...cloud(300, 1),
    classes,
    kernels: inference,
    seed: 1,
    ...quiet,
    ...over,
  });

  const refused = (over: Partial<LabelModelTask>) => trainLabelModel(task(over));

  beforeAll(async () => {
    inference = await InferenceProcess.start();
    trained = await trainLabelModel(task());
  });
  afterAll(() => inference.close());

  test('predicts unseen images about as well as it says', () => {
    const { embeddings, labels } = cloud(3000, 2);
    const { probabilities } = predict(trained, embeddings, labels.length);
    const right = labels.filter((label, i) => {
      const row = probabilities.subarray(i * classes, (i + 1) * classes);
      return row[label] === Math.max(...row);
    }).length;
    expect(Math.abs(right / labels.length - trained.accuracy)).toBeLessThan(0.06);
    expect(right / labels.length).toBeGreaterThan(0.8);
    expect(expectedCalibrationError(probabilities, labels, classes)).toBeLessThan(0.05);
    expect(Math.abs(brierScore(probabilities, labels, classes) - trained.brier)).toBeLessThan(0.06);
  });

  test('gives probabilities that add up to 1, none to a class without images, NaN for a missing embedding', () => {
    const { embeddings } = cloud(3, 2);
    embeddings.fill(Number.NaN, d, 2 * d);
    const { probabilities, ensemble } = predict(trained, embeddings, 3);
    expect(ensemble).toHaveLength(8);
    for (const head of [probabilities, ...ensemble]) {
      expect(head[0]! + head[1]! + head[3]!).toBeCloseTo(1, 12);
      expect(head[2]).toBe(0);
      expect([...head.subarray(classes, 2 * classes)]).toEqual(Array<number>(classes).fill(Number.NaN));
    }
    expect(ensemble[0]).not.toEqual(ensemble[1]);
  });

  test('learns shares of classes where people differ: a whole share is the label bit for bit', async () => {
    const { labels } = task();
    const whole = (label: number) => Float64Array.from({ length: classes }, (_, k) => Number(k === label));
    const same = await trainLabelModel(task({ soft: new Map([[0, whole(labels[0]!)]]) }));
    expect(same).toEqual(trained);
    const halves = Float64Array.from({ length: classes }, (_, k) => (k < 2 ? 0.5 : 0));
    const unsure = new Map([...labels.keys()].flatMap((row) => (labels[row]! < 2 ? [[row, halves]] : [])));
    const { embeddings, labels: seen } = cloud(200, 2);
    const { probabilities } = predict(await trainLabelModel(task({ soft: unsure })), embeddings, 200);
    const apart = [...seen.keys()].flatMap((row) =>
      seen[row]! < 2 ? [Math.abs(probabilities[row * classes]! - probabilities[row * classes + 1]!)] : [],
    );
    expect(apart.length).toBeGreaterThan(50);
    expect(Math.max(...apart)).toBeLessThan(0.1);
  });

  test('judges its own training images without having seen them', async () => {
    const flipped = cloud(300, 1);
    flipped.labels[0] = 3;
    const model = await trainLabelModel(task(flipped));
    expect(model.seedProbabilities[3]).toBeLessThan(0.2);
    expect(model.seedEnsemble).toHaveLength(4);
    for (const member of model.seedEnsemble) expect(member[3]).toBeLessThan(0.4);
  });

  test('chooses the penalty with the least out-of-fold log-loss', () => {
    const best = trained.cv.toSorted((a, b) => a.logLoss - b.logLoss)[0]!;
    expect(trained.lambda).toBe(best.lambda);
    expect(trained.cv.length).toBeGreaterThan(2);
  });

  test('is the same for the same seed, and survives being stored', async () => {
    const again = await trainLabelModel(task());
    expect(again).toEqual(trained);
    const stored = decodeLabelModel(encodeLabelModel(trained));
    const { embeddings } = cloud(5, 3);
    expect(predict(stored, embeddings, 5)).toEqual(predict(trained, embeddings, 5));
    expect(encodeLabelModel(stored)).toBe(encodeLabelModel(trained));
    expect(() => decodeLabelModel('{"format":"assay-label-model-1"}')).toThrow(
      expect.objectContaining({ code: 'PROJECT_DAMAGED' }),
    );
    const short = encodeLabelModel(trained).replace(/"mean":"[^"]{8}/, '"mean":"');
    expect(() => decodeLabelModel(short)).toThrow(/score the project again/);
  });

  test('has no opinion on the only image of a class', async () => {
    const { embeddings, labels } = cloud(300, 1);
    labels[0] = 2;
    const model = await trainLabelModel(task({ embeddings, labels }));
    expect([...model.present]).toEqual([0, 1, 2, 3]);
    expect(model.seedProbabilities[0]).toBeNaN();
    expect(model.seedEnsemble[0]![0]).toBeNaN();
    expect(model.seedProbabilities[classes]).not.toBeNaN();
  });

  test('reports its fits and stops when told to', async () => {
    const reports: { done: number; total: number | null }[] = [];
    const stop = new AbortController();
    const progress: LabelModelTask['progress'] = (report) => {
      reports.push(report);
      if (report.done === 3) stop.abort();
    };
    await expect(trainLabelModel(task({ progress, signal: stop.signal }))).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect(reports.map(({ done }) => done)).toEqual([0, 1, 2, 3]);
  });

  test('refuses what cannot be learnt from, with the remedy', async () => {
    const one = { code: 'NOT_READY', message: expect.stringMatching(/at least two classes/) };
    await expect(refused({ labels: new Int32Array(300) })).rejects.toMatchObject(one);
    const none = { embeddings: new Float32Array(0), labels: new Int32Array(0) };
    await expect(refused(none)).rejects.toMatchObject({ code: 'NOT_READY' });
    const invalid = { code: 'INVALID_INPUT' };
    await expect(refused({ labels: new Int32Array(7) })).rejects.toMatchObject(invalid);
    await expect(refused({ classes: 2 })).rejects.toMatchObject(invalid);
    const broken = cloud(300, 1);
    broken.embeddings[d] = Number.NaN;
    await expect(refused(broken)).rejects.toMatchObject({
      ...invalid,
      message: expect.stringMatching(/row 1 /),
    });
  });
});
