import { inverse, Matrix } from 'ml-matrix';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { InferenceProcess } from '../../models/inference-process.ts';
import { gaussian, mulberry32 } from '../base/numeric/random.ts';
import { KernelRidge, leads } from './kernel-ridge.ts';

const D = 4;
const PENALTY = 0.3;
let kernels: InferenceProcess;

beforeAll(async () => {
  kernels = await InferenceProcess.start();
});
afterAll(() => kernels.close());

/** Unit rows around one direction per class. */
function clusters(n: number, classes: number, spread: number): { rows: Float32Array; labels: Int32Array } {
  const random = mulberry32(6);
  const rows = new Float32Array(n * D);
  const labels = Int32Array.from({ length: n }, (_, i) => i % classes);
  for (let i = 0; i < n; i++) {
    const row = Array.from({ length: D }, (_, d) => (d === labels[i] ? 1 : 0) + spread * gaussian(random));
    const length = Math.hypot(...row);
    row.forEach((value, d) => (rows[i * D + d] = value / length));
  }
  return { rows, labels };
}

test('with every row a landmark it is kernel ridge regression with its closed-form leave-one-out', async () => {
  const [n, classes] = [150, 3];
  const { rows, labels } = clusters(n, classes, 0.4);
  const ridge = (await KernelRidge.fit(kernels, rows, D, labels, classes, mulberry32(1)))!;
  const squared = (a: number, b: number): number => {
    let product = 0;
    for (let d = 0; d < D; d++) product += rows[a * D + d]! * rows[b * D + d]!;
    return Math.max(0, 2 - 2 * product);
  };
  const all: number[] = [];
  for (let a = 0; a < n; a++) for (let b = 0; b < a; b++) all.push(squared(a, b));
  all.sort((a, b) => a - b);
  const width = (all[Math.floor((all.length - 1) / 2)]! + all[Math.ceil((all.length - 1) / 2)]!) / 2;
  const kernel = new Matrix(n, n);
  for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) kernel.set(a, b, Math.exp(-squared(a, b) / width));
  const undone = inverse(Matrix.add(kernel, Matrix.eye(n).mul(PENALTY)));
  const margins = leads(await ridge.outputs(rows, (i) => i), classes, labels);
  for (let i = 0; i < n; i++) {
    const outputs = Array.from({ length: classes }, (_, k) => {
      let solved = 0;
      for (let j = 0; j < n; j++) solved += undone.get(i, j) * ((labels[j] === k ? 1 : 0) - 1 / classes);
      return (labels[i] === k ? 1 : 0) - 1 / classes - solved / undone.get(i, i);
    });
    const own = outputs[labels[i]!]!;
    const rival = Math.max(...outputs.filter((_, k) => k !== labels[i]));
    expect(margins[i]).toBeCloseTo(own - rival, 4);
  }
});

test('a wrong label does not vouch for itself, and a new image is judged without one', async () => {
  const { rows, labels } = clusters(120, 3, 0.15);
  const given = labels.slice();
  for (const row of [5, 50, 95]) given[row] = (given[row]! + 1) % 3;
  const ridge = (await KernelRidge.fit(kernels, rows, D, given, 3, mulberry32(1)))!;
  const margins = leads(await ridge.outputs(rows, (i) => i), 3, given);
  for (const [row, margin] of margins.entries()) expect(margin < 0).toBe([5, 50, 95].includes(row));
  const said = await ridge.outputs(rows.subarray(0, 6 * D), () => -1);
  const fresh = leads(said, 3, labels.subarray(0, 6));
  expect([...fresh].filter((margin, row) => row !== 5 && margin > 0.3)).toHaveLength(5);
  expect(fresh[5]).toBeGreaterThan(0);
});

test('fewer landmarks than rows lose little', async () => {
  const { rows, labels } = clusters(3000, 3, 0.3);
  const ridge = (await KernelRidge.fit(kernels, rows, D, labels, 3, mulberry32(1)))!;
  const margins = leads(await ridge.outputs(rows, (i) => i), 3, labels);
  const right = margins.filter((margin) => margin > 0).length;
  expect(right / 3000).toBeGreaterThan(0.9);
});

test('there is nothing to learn from few rows or one class, and nothing is said without a label or a row', async () => {
  const { rows, labels } = clusters(60, 3, 0.2);
  const fit = (given: ArrayLike<number>): Promise<KernelRidge | null> =>
    KernelRidge.fit(kernels, rows, D, given, 3, mulberry32(1));
  expect(await fit(labels.map((label, i) => (i < 19 ? label : -1)))).toBeNull();
  expect(await fit(labels.map(() => 1))).toBeNull();
  const ridge = (await fit(labels))!;
  const none = new Float32Array(D).fill(Number.NaN);
  const said = await ridge.outputs(Float32Array.from([...rows.subarray(0, D), ...none]), () => 0);
  expect([...leads(said, 3, [-1, 1])]).toEqual([Number.NaN, Number.NaN]);
  await ridge.drop();
  await expect(ridge.outputs(rows, () => -1)).rejects.toMatchObject({ code: 'NOT_READY' });
});
