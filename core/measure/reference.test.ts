import { afterAll, beforeAll, expect, test } from 'vitest';
import { InferenceProcess } from '../../models/inference-process.ts';
import { gaussian, mulberry32 } from '../base/numeric/random.ts';
import { Reference } from './reference.ts';
import type { Vectors } from './vectors.ts';

const D = 6;
let kernels: InferenceProcess;
beforeAll(async () => {
  kernels = await InferenceProcess.start({ threads: 2 });
});
afterAll(() => kernels.close());

const random = mulberry32(3);
function unit(n: number, shift = 0): Vectors {
  const data = new Float32Array(n * D);
  for (let i = 0; i < n; i++) {
    const row = Array.from({ length: D }, (_, d) => gaussian(random) + (d === 0 ? shift : 0));
    const length = Math.hypot(...row);
    row.forEach((value, d) => (data[i * D + d] = value / length));
  }
  return { n, dimensions: D, raw: data, unit: data };
}

function distance(a: Vectors, i: number, b: Vectors, j: number): number {
  return Math.hypot(...Array.from({ length: D }, (_, d) => a.unit[i * D + d]! - b.unit[j * D + d]!));
}

/** The largest radius / distance over the seeds whose radius, to the fifth other seed, is below the median. */
function realism(seed: Vectors, block: Vectors, row: number): number {
  const radius = Array.from({ length: seed.n }, (_, i) => {
    const others = Array.from({ length: seed.n }, (__, j) => distance(seed, i, seed, j));
    return others.toSorted((a, b) => a - b)[5]!;
  });
  const sorted = radius.toSorted((a, b) => a - b);
  const median = (sorted[seed.n / 2 - 1]! + sorted[seed.n / 2]!) / 2;
  const ratios = radius.map((r, i) => (r < median ? r / distance(seed, i, block, row) : 0));
  return Math.max(...ratios);
}

test('realism is that of plain code, and a copy is as realistic as can be', async () => {
  const seed = unit(60);
  const block = unit(30, 2);
  block.unit.set(seed.unit.subarray(0, 3 * D));
  const reference = await Reference.put(kernels, seed, new Int32Array(60), 1);
  const self = new Int32Array(30).fill(-1);
  const nearest = await reference.neighbours(block, self);
  const found = await reference.distances(nearest, block, new Int32Array(30), self);
  for (let i = 3; i < 30; i++) expect(found.radiusRatio[i]! / realism(seed, block, i)).toBeCloseTo(1, 4);
  for (let i = 0; i < 3; i++) expect(found.radiusRatio[i]).toBeGreaterThan(0.9);
  await reference.drop();
});
