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
  const { own, rival } = fitted.toClasses(fitted.whiten(rows), labels, () => -1);
  const toAll = fitted.toAll(rows, () => false);
  for (const [i, row] of all.entries()) {
    expect(own[i]).toBeCloseTo(square(row, means[labels[i]!]!, inverted), 5);
    expect(rival[i]).toBeCloseTo(square(row, means[1 - labels[i]!]!, inverted), 5);
    expect(toAll[i]).toBeCloseTo(square(row, whole.mean, whole.inverse), 5);
  }
});

/** Scatter of rows about the mean of their class, by plain sums. */
function scatter(rows: number[][], classOf: number[]): Matrix {
  const means = new Map(classOf.map((k) => [k, meanOf(rows.filter((_, i) => classOf[i] === k))]));
  const x = new Matrix(rows.map((row, i) => row.map((value, j) => value - means.get(classOf[i]!)![j]!)));
  return x.transpose().mmul(x);
}

const meanOf = (rows: number[][]): number[] =>
  rows[0]!.map((_, j) => rows.reduce((sum, row) => sum + row[j]!, 0) / rows.length);

test('an image is measured against the clouds of the others, whatever its label was and whatever is asked', () => {
  const { rows, labels } = clouds(15);
  // A label that is wrong: what it says must not depend on its having been believed.
  labels[4] = 1 - labels[4]!;
  const fitted = ClassClouds.fit(rows, D, labels, CLASSES)!;
  const all = rowsOf(rows);
  const n = all.length;
  const classOf = [...labels];
  // The shrinkage stays that of all rows.
  const share = (scattered: Matrix, shrunken: Matrix): number =>
    1 - shrunken.get(0, 1) / (scattered.get(0, 1) / n);
  const within = scatter(all, classOf);
  const whole = scatter(
    all,
    all.map(() => 0),
  );
  const centred = (of: number[]): Matrix => {
    const means = [0, 1].map((k) => meanOf(all.filter((_, i) => of[i] === k)));
    return new Matrix(all.map((row, i) => row.map((value, j) => value - means[of[i]!]![j]!)));
  };
  const shrunkWithin = shrunk(centred(classOf), n);
  const wholeMean = meanOf(all);
  const shrunkWhole = shrunk(new Matrix(all.map((row) => row.map((value, j) => value - wholeMean[j]!))), n);
  for (const i of [0, 4, 7]) {
    const others = all.filter((_, at) => at !== i);
    const theirs = classOf.filter((_, at) => at !== i);
    const lost = (of: Matrix, without: Matrix, shrunken: Matrix): Matrix =>
      inverse(Matrix.sub(shrunken, Matrix.sub(of, without).mul((1 - share(of, shrunken)) / n)));
    const inverted = lost(within, scatter(others, theirs), shrunkWithin);
    const to = (k: number): number =>
      square(all[i]!, meanOf(others.filter((_, at) => theirs[at] === k)), inverted);
    const row = rows.subarray(i * D, (i + 1) * D);
    for (const asked of [0, 1]) {
      const { own, rival } = fitted.toClasses(fitted.whiten(row), [asked], () => classOf[i]!);
      expect(own[0]).toBeCloseTo(to(asked), 5);
      expect(rival[0]).toBeCloseTo(to(1 - asked), 5);
    }
    const withoutIt = lost(
      whole,
      scatter(
        others,
        others.map(() => 0),
      ),
      shrunkWhole,
    );
    expect(fitted.toAll(row, () => true)[0]).toBeCloseTo(square(all[i]!, meanOf(others), withoutIt), 5);
  }
});

test('the only image of a class is far from nothing', () => {
  const { rows, labels } = clouds(15);
  const fitted = ClassClouds.fit(
    rows,
    D,
    labels.map((_, i) => (i === 0 ? 2 : i % CLASSES)),
    3,
  )!;
  const { own, rival } = fitted.toClasses(fitted.whiten(rows.subarray(0, D)), [2], () => 2);
  expect(own[0]).toBeNaN();
  expect(rival[0]).toBeGreaterThan(0);
});

test('stands with more dimensions than rows, identical rows, and rows without an embedding', () => {
  const few = ClassClouds.fit(
    Float32Array.from({ length: 24 * 40 }, (_, i) => (i * 7919) % 13),
    40,
    Int32Array.from({ length: 24 }, (_, i) => i % 2),
    2,
  )!;
  const wide = Float32Array.from({ length: 40 }, (_, i) => i);
  expect(few.toAll(wide, () => false).every(Number.isFinite)).toBe(true);
  const same = ClassClouds.fit(
    new Float32Array(24 * D).fill(0.5),
    D,
    Int32Array.from({ length: 24 }, (_, i) => i % 2),
    2,
  )!;
  expect(same.toAll(new Float32Array(D).fill(0.5), () => true)[0]).toBe(0);
  const { rows, labels } = clouds(30);
  rows.fill(Number.NaN, 0, D);
  const fitted = ClassClouds.fit(rows, D, labels, CLASSES)!;
  const { own, rival } = fitted.toClasses(fitted.whiten(rows), labels, (i) => labels[i]!);
  expect([own[0], rival[0], fitted.toAll(rows, () => true)[0]]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  expect(own.slice(1).every(Number.isFinite)).toBe(true);
});

test('says nothing where there is too little to learn from', () => {
  const { rows, labels } = clouds(30);
  expect(ClassClouds.fit(rows, D, new Int32Array(60).fill(-1), CLASSES)).toBeNull();
  expect(ClassClouds.fit(rows, D, new Int32Array(60), CLASSES)).toBeNull();
  expect(ClassClouds.fit(rows.subarray(0, 9 * D), D, labels.subarray(0, 9), CLASSES)).toBeNull();
});
