import { describe, expect, test } from 'vitest';
import { gaussian, mulberry32 } from '../../base/numeric/random.ts';
import {
  atRate,
  estimateBaseRate,
  fitRiskModel,
  NOTHING_DECIDED,
  predictRisk,
  riskWithoutDecisions,
  type DecidedRows,
  type Simulation,
  decodeSimulation,
  encodeSimulation,
} from './risk-model.ts';
import { EVIDENCE } from './evidence.ts';
import { fitLogisticRegression, linear } from './logistic-regression.ts';
import { drawWrongLabels } from './wrong-labels.ts';

const COLUMNS = EVIDENCE.length;

/** Evidence of labels that are wrong at a rate: two columns tell (of opposite sign), two say nothing. */
function world(n: number, rate: number, seed: number): { rows: Float64Array; wrong: Uint8Array } {
  const random = mulberry32(seed);
  const wrong = Uint8Array.from({ length: n }, () => (random() < rate ? 1 : 0));
  const rows = new Float64Array(n * COLUMNS);
  wrong.forEach((flag, i) => {
    rows.set(
      [gaussian(random) - 1.5 * flag, gaussian(random) - 1 * flag, gaussian(random), gaussian(random), 0, 0],
      i * COLUMNS,
    );
  });
  return { rows, wrong };
}

function simulated(seed: number): Simulation {
  return { ...world(1200, 0.5, seed), images: 600 };
}

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;

describe('logistic regression', () => {
  test('ends where the penalised gradient is nothing', () => {
    const { rows, wrong } = world(500, 0.3, 1);
    const weight = new Float64Array(500).fill(1);
    const b = fitLogisticRegression({ x: rows, columns: COLUMNS, y: wrong, weight }, 0.7);
    for (let c = 0; c <= COLUMNS; c++) {
      let gradient = c === 0 ? 1e-6 * b[0]! : 0.7 * b[c]!;
      for (let i = 0; i < 500; i++) {
        const p = 1 / (1 + Math.exp(-linear(rows, COLUMNS, i, b)));
        gradient += (p - wrong[i]!) * (c === 0 ? 1 : rows[i * COLUMNS + c - 1]!);
      }
      expect(Math.abs(gradient)).toBeLessThan(1e-7);
    }
  });

  test('stays finite where the classes are apart, and pays no heed to rows of weight 0', () => {
    const x = Float64Array.of(-1, -2, 1, 2, 1000);
    const b = fitLogisticRegression({ x, columns: 1, y: [0, 0, 1, 1, 0], weight: [1, 1, 1, 1, 0] }, 0.1);
    expect(b.every(Number.isFinite)).toBe(true);
    expect(b[1]).toBeGreaterThan(1);
  });
});

describe('base rate', () => {
  test('is found from probabilities that were computed under another', () => {
    const { rows } = world(20_000, 0.15, 5);
    const { model } = riskWithoutDecisions(simulated(2), []);
    const rate = estimateBaseRate(predictRisk(model, rows, null), 0.05);
    expect(rate).toBeGreaterThan(0.13);
    expect(rate).toBeLessThan(0.18);
  });

  test('is the usual one where nothing is known', () => {
    expect(estimateBaseRate([Number.NaN], 0.05)).toBe(0.05);
    expect(estimateBaseRate([], 0.05)).toBe(0.05);
  });

  test('moves a probability by Bayes and back', () => {
    const moved = atRate(0.3, 0.05, 0.2);
    expect(moved).toBeCloseTo((0.3 * 4) / (0.3 * 4 + (0.7 * 0.8) / 0.95), 12);
    expect(atRate(moved, 0.2, 0.05)).toBeCloseTo(0.3, 12);
  });
});

describe('label risk', () => {
  test('is calibrated on images that it was not fitted to', () => {
    const { rows, wrong } = world(20_000, 0.08, 9);
    const [risk] = riskWithoutDecisions(simulated(2), [rows]).risks;
    for (const [low, high] of [
      [0, 0.05],
      [0.05, 0.2],
      [0.2, 0.5],
      [0.5, 1],
    ] as const) {
      const inside = [...risk!.keys()].filter((i) => risk![i]! >= low && risk![i]! < high);
      expect(inside.length).toBeGreaterThan(50);
      const said = mean(inside.map((i) => risk![i]!));
      const true_ = mean(inside.map((i) => wrong[i]!));
      expect(Math.abs(said - true_)).toBeLessThan(0.25 * said + 0.02);
    }
  });

  test('learns from decisions what the simulation cannot know', () => {
    // In this batch damage goes with wrong labels; nothing else does.
    const random = mulberry32(3);
    const n = 400;
    const { rows } = world(n, 0, 4);
    const wrong = Uint8Array.from({ length: n }, () => (random() < 0.3 ? 1 : 0));
    const learnt = new Float64Array(n * 4);
    wrong.forEach((flag, i) => (learnt[i * 4 + 2] = flag === 1 ? 0.8 : 0));
    const decided: DecidedRows = { evidence: rows, learnt, wrong };
    const before = fitRiskModel(simulated(2), NOTHING_DECIDED, 0.05);
    const after = fitRiskModel(simulated(2), decided, 0.05);
    const ordinary = new Float64Array(COLUMNS);
    const damaged = Float64Array.of(0, 0, 0.8, 0);
    const of = (model: typeof after, extra: Float64Array): number => predictRisk(model, ordinary, extra)[0]!;
    expect(of(before, damaged)).toBeCloseTo(of(before, new Float64Array(4)), 12);
    expect(of(after, damaged)).toBeGreaterThan(0.5);
    expect(of(after, new Float64Array(4))).toBeLessThan(0.1);
  });

  test('needs examples of right and of wrong labels', () => {
    const one: Simulation = { rows: new Float64Array(COLUMNS), wrong: Uint8Array.of(0), images: 1 };
    expect(() => fitRiskModel(one, NOTHING_DECIDED, 0.05)).toThrow(
      expect.objectContaining({ code: 'NOT_READY' }),
    );
  });

  test('knows nothing of an image without any evidence, and makes do with some', () => {
    const model = fitRiskModel(simulated(2), NOTHING_DECIDED, 0.05);
    const none = Number.NaN;
    expect(predictRisk(model, new Float64Array(COLUMNS).fill(none), null)[0]).toBeNaN();
    expect(
      predictRisk(model, Float64Array.of(-3, none, none, none, none, none, none), null)[0],
    ).toBeGreaterThan(0.05);
  });

  test('is kept as text, NaN and all, and refused when damaged', () => {
    const { rows, wrong, images } = simulated(2);
    rows[5] = Number.NaN;
    expect(decodeSimulation(encodeSimulation({ rows, wrong, images }))).toEqual({ rows, wrong, images });
    expect(() => decodeSimulation('{}')).toThrow(expect.objectContaining({ code: 'PROJECT_DAMAGED' }));
  });
});

test('wrong labels are other classes, no class twice, the confused ones more often', () => {
  const n = 600;
  const labels = new Int32Array(n).fill(0);
  const probabilities = new Float64Array(n * 9);
  for (let i = 0; i < n; i++) {
    probabilities[i * 9] = 0.8;
    probabilities[i * 9 + 1] = 0.2;
  }
  const trials = drawWrongLabels(labels, probabilities, 9, [0, 1, 2, 3, 4, 5, 6, 7], mulberry32(1));
  expect(trials).toHaveLength(6);
  for (let i = 0; i < n; i++) {
    const drawn = trials.map((trial) => trial[i]!);
    expect(new Set(drawn).size).toBe(6);
    expect(drawn.every((k) => k >= 1 && k <= 7)).toBe(true);
  }
  const first = [...trials[0]!].filter((k) => k === 1).length;
  expect(first).toBeGreaterThan(n * 0.5);
  const few = drawWrongLabels(Int32Array.of(0), new Float64Array(2).fill(0.5), 2, [0, 1], mulberry32(1));
  expect(few.map((trial) => [...trial])).toEqual([[1]]);
});
