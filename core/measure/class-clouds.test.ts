import { expect, test } from 'vitest';
import { Matrix, inverse } from 'ml-matrix';
import { gaussian, mulberry32 } from '../base/numeric/random.ts';
import { ClassClouds } from './class-clouds.ts';

const D = 3;
const CLASSES = 2;

/** Two clouds of the same uneven shape. */
function clouds(perClass: number): { rows: Float32Array; labels: Int32Array } {
  const random = mulberry32(7);
  const labels = Int32Array.from({ length: perClass * CLASSES }, (_, i) => i % CLASSES);
  const rows = new Float32Array(labels.length * D);
  labels.forEach((label, i) => {
    const shared = gaussian(random);
    rows.set(
      [4 * label + 2 * shared + gaussian(random), shared + 0.3 * gaussian(random), gaussian(random)],
      i * D,
    );
  });
  return { rows, labels };
}

/** Mean and shrunk covariance by the formulas of Ledoit and Wolf, with plain matrices. */
function reference(rows: number[][]): { mean: number[]; inverse: Matrix } {
  const n = rows.length;
  const mean = rows[0]!.map((_, j) => rows.reduce((sum, row) => sum + row[j]!, 0) / n);
  const x = new Matrix(rows.map((row) => row.map((value, j) => value - mean[j]!)));
  return { mean, inverse: inverse(shrunk(x, n)) };
}

function shrunk(x: Matrix, n: number): Matrix {
  const s = x.transpose().mmul(x).div(n);
  const level = s.trace() / D;
  const apart = Matrix.sub(s, Matrix.eye(D).mul(level)).norm('frobenius') ** 2;
  let noise = 0;
  for (let i = 0; i < n; i++) {
    const outer = x.getRowVector(i).transpose().mmul(x.getRowVector(i));
    noise += Matrix.sub(outer, s).norm('frobenius') ** 2;
  }
  const share = Math.min(apart, noise / n ** 2) / apart;
  return Matrix.add(Matrix.mul(s, 1 - share), Matrix.eye(D).mul(share * level));
}

const rowsOf = (flat: Float32Array): number[][] =>
  Array.from({ length: flat.length / D }, (_, i) => [...flat.subarray(i * D, (i + 1) * D)]);

function square(row: number[], mean: number[], inverted: Matrix): number {
  const difference = Matrix.rowVector(row.map((value, j) => value - mean[j]!));
  return difference.mmul(inverted).mmul(difference.transpose()).get(0, 0) / D;
}

test('distances are those of the formulas', () => {
  const { rows, labels } = clouds(60);
  const fitted = ClassClouds.fit(rows, D, labels, CLASSES)!;
  const all = rowsOf(rows);
  const whole = reference(all);
  const means = [0, 1].map((k) => reference(all.filter((_, i) => labels[i] === k)).mean);
  const within = new Matrix(all.map((row, i) => row.map((value, j) => value - means[labels[i]!]![j]!)));
  const inverted = inverse(shrunk(within, all.length));
  const { own, rival } = fitted.toClasses(fitted.whiten(rows), labels, () => false);
  const toAll = fitted.toAll(rows);
  for (const [i, row] of all.entries()) {
    expect(own[i]).toBeCloseTo(square(row, means[labels[i]!]!, inverted), 5);
    expect(rival[i]).toBeCloseTo(square(row, means[1 - labels[i]!]!, inverted), 5);
    expect(toAll[i]).toBeCloseTo(square(row, whole.mean, whole.inverse), 5);
  }
});

test('an image takes its own part out of the mean of its class', () => {
  const { rows, labels } = clouds(30);
  const fitted = ClassClouds.fit(rows, D, labels, CLASSES)!;
  const whitened = fitted.whiten(rows);
  const inside = fitted.toClasses(whitened, labels, () => true).own;
  const outside = fitted.toClasses(whitened, labels, () => false).own;
  inside.forEach((value, i) => expect(value).toBeCloseTo(outside[i]! * (30 / 29) ** 2, 10));
});

test('stands with more dimensions than rows, identical rows, and rows without an embedding', () => {
  const few = ClassClouds.fit(
    Float32Array.from({ length: 24 * 40 }, (_, i) => (i * 7919) % 13),
    40,
    Int32Array.from({ length: 24 }, (_, i) => i % 2),
    2,
  )!;
  const wide = Float32Array.from({ length: 40 }, (_, i) => i);
  expect(few.toAll(wide).every(Number.isFinite)).toBe(true);
  const same = ClassClouds.fit(
    new Float32Array(24 * D).fill(0.5),
    D,
    Int32Array.from({ length: 24 }, (_, i) => i % 2),
    2,
  )!;
  expect(same.toAll(new Float32Array(D).fill(0.5))[0]).toBe(0);
  const { rows, labels } = clouds(30);
  rows.fill(Number.NaN, 0, D);
  const fitted = ClassClouds.fit(rows, D, labels, CLASSES)!;
  const { own, rival } = fitted.toClasses(fitted.whiten(rows), labels, () => false);
  expect([own[0], rival[0], fitted.toAll(rows)[0]]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  expect(own.slice(1).every(Number.isFinite)).toBe(true);
});

test('says nothing where there is too little to learn from', () => {
  const { rows, labels } = clouds(30);
  expect(ClassClouds.fit(rows, D, new Int32Array(60).fill(-1), CLASSES)).toBeNull();
  expect(ClassClouds.fit(rows, D, new Int32Array(60), CLASSES)).toBeNull();
  expect(ClassClouds.fit(rows.subarray(0, 9 * D), D, labels.subarray(0, 9), CLASSES)).toBeNull();
});
