import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { InferenceProcess } from './inference-process.ts';
import { packPatches, unpackPatches } from './patches.ts';
import { seededRandom } from './testing/random.ts';
import type { PatchGrid } from './types.ts';

const D = 7;
let kernels: InferenceProcess;

beforeAll(async () => {
  kernels = await InferenceProcess.start({ threads: 2 });
});
afterAll(() => kernels.close());

/** Standard normal numbers by Box and Muller. */
function normal(count: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  );
}

const rowOf = (data: Float32Array, i: number): Float64Array =>
  Float64Array.from(data.subarray(i * D, (i + 1) * D));
const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const squared = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);

async function put(name: string, rows: number, seed: number): Promise<Float32Array> {
  const data = normal(rows * D, seed);
  await kernels.putMatrix(name, data, rows, D);
  return data;
}

test('a matrix may come as a function that gives its rows', async () => {
  const data = normal(30 * D, 4);
  const asked: [number, number][] = [];
  await kernels.putMatrix(
    'given',
    (first, count) => {
      asked.push([first, count]);
      return data.subarray(first * D, (first + count) * D);
    },
    30,
    D,
  );
  expect(asked).toEqual([[0, 30]]);
  const found = await kernels.nearest(data, 'given', 1);
  expect(found.index).toEqual(Int32Array.from({ length: 30 }, (_, i) => i));
  await expect(kernels.putMatrix('given', () => data, 29, D)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
});

describe('products', () => {
  test('are those of plain code, of all rows and of some', async () => {
    const [a, b] = [await put('a', 21, 1), await put('b', 5, 2)];
    const all = await kernels.products({ matrix: 'a' }, { matrix: 'b' });
    expect(all).toHaveLength(21 * 5);
    for (let i = 0; i < 21; i++)
      for (let j = 0; j < 5; j++) expect(all[i * 5 + j]).toBeCloseTo(dot(rowOf(a, i), rowOf(b, j)), 4);
    const some = await kernels.products(
      { matrix: 'a', rows: Int32Array.of(20, 3) },
      { matrix: 'b', rows: Int32Array.of(4) },
    );
    expect(some[0]).toBeCloseTo(dot(rowOf(a, 20), rowOf(b, 4)), 4);
    expect(some[1]).toBeCloseTo(dot(rowOf(a, 3), rowOf(b, 4)), 4);
  });

  test('of nothing are nothing; what does not fit is refused', async () => {
    await put('a', 3, 1);
    expect(await kernels.products({ matrix: 'a', rows: new Int32Array(0) }, { matrix: 'a' })).toHaveLength(0);
    await expect(
      kernels.products({ matrix: 'a', rows: Int32Array.of(3) }, { matrix: 'a' }),
    ).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    await kernels.putMatrix('narrow', new Float32Array(4), 2, 2);
    await expect(kernels.products({ matrix: 'a' }, { matrix: 'narrow' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
    await expect(kernels.products({ matrix: 'a' }, { matrix: 'none' })).rejects.toMatchObject({
      code: 'NOT_READY',
    });
  });
});

describe('a step of k-means', () => {
  test('is that of plain code, of all rows and of some', async () => {
    const data = await put('x', 5000, 8);
    const centres = Float64Array.from(data.subarray(0, 9 * D));
    const rows = Int32Array.from({ length: 40 }, (_, i) => 4999 - i);
    for (const of of [{ matrix: 'x' }, { matrix: 'x', rows }]) {
      const numbers = of.rows ?? Int32Array.from({ length: 5000 }, (_, i) => i);
      const sums = new Float64Array(9 * D);
      const nearest = Int32Array.from(numbers, (row) => {
        const values = Array.from({ length: 9 }, (_, c) =>
          squared(rowOf(data, row), centres.subarray(c * D, (c + 1) * D)),
        );
        const own = values.indexOf(Math.min(...values));
        rowOf(data, row).forEach((value, j) => (sums[own * D + j]! += value));
        return own;
      });
      const step = await kernels.lloydStep(of, centres);
      expect(step.cluster).toEqual(nearest);
      expect(step.sums).toEqual(sums);
      expect(step.sizes.reduce((a, b) => a + b, 0)).toBe(numbers.length);
    }
  });

  test('gives rows between two equal centres to the first', async () => {
    await put('x', 6, 8);
    const { cluster } = await kernels.lloydStep({ matrix: 'x' }, new Float64Array(2 * D).fill(0.5));
    expect(cluster).toEqual(new Int32Array(6));
  });
});

describe('approximate search', () => {
  const ROWS = 3000;
  let data: Float32Array;
  beforeAll(async () => {
    data = await put('many', ROWS, 11);
    let done = 0;
    while (done < ROWS) done = await kernels.indexRows('many', 1000);
  });

  test('finds nearly all that exact search finds, at the same distances', async () => {
    const query = normal(200 * D, 12);
    const exact = await kernels.nearest(query, 'many', 10);
    const found = await kernels.nearestApproximate(query, 'many', 10, 64);
    let hits = 0;
    for (let i = 0; i < 200; i++) {
      const truth = new Map(
        Array.from({ length: 10 }, (_, j) => [exact.index[i * 10 + j]!, exact.distance[i * 10 + j]!]),
      );
      for (let at = i * 10; at < (i + 1) * 10; at++) {
        const distance = truth.get(found.index[at]!);
        if (distance === undefined) continue;
        hits++;
        expect(found.distance[at]).toBe(distance);
      }
    }
    expect(hits / 2000).toBeGreaterThan(0.98);
    expect(await kernels.nearestApproximate(query, 'many', 10, 64)).toEqual(found);
  });

  test('leaves out a row that must not be found, and takes a single query', async () => {
    const query = data.subarray(5 * D, 6 * D);
    const found = await kernels.nearestApproximate(query, 'many', 1, 16);
    expect([found.index[0], found.distance[0]]).toEqual([5, 0]);
    const other = await kernels.nearestApproximate(query, 'many', 1, 16, Int32Array.of(5));
    expect(other.index[0]).toBe((await kernels.nearest(query, 'many', 1, Int32Array.of(5))).index[0]);
  });

  test('pads where there are fewer rows than are asked for', async () => {
    await put('few', 3, 1);
    expect(await kernels.indexRows('few', 10)).toBe(3);
    const { index, distance } = await kernels.nearestApproximate(normal(2 * D, 2), 'few', 5, 8);
    for (const i of [0, 1]) {
      expect([...index.subarray(i * 5, i * 5 + 3)].toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
      expect(index.subarray(i * 5 + 3, i * 5 + 5)).toEqual(Int32Array.of(-1, -1));
      expect(distance[i * 5 + 4]).toBe(Infinity);
    }
  });

  test('needs an index, which goes when its matrix is replaced', async () => {
    await put('fresh', 4, 1);
    const ask = (): Promise<unknown> => kernels.nearestApproximate(normal(D, 2), 'fresh', 1, 8);
    await expect(ask()).rejects.toMatchObject({ code: 'NOT_READY' });
    await kernels.indexRows('fresh', 10);
    await ask();
    await put('fresh', 4, 2);
    await expect(ask()).rejects.toMatchObject({ code: 'NOT_READY' });
  });

  test('refuses a query that is not finite', async () => {
    const query = new Float32Array(D).fill(Number.NaN);
    await expect(kernels.nearestApproximate(query, 'many', 1, 8)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});

test('a kernel ridge regression takes a label for every row, and landmarks of the same length', async () => {
  await put('ridge', 30, 8);
  await put('landmarks', 4, 9);
  await kernels.putMatrix('shorter', new Float32Array(8), 4, 2);
  const task = { x: 'ridge', landmarks: 'landmarks', labels: new Int32Array(30), classes: 2, penalty: 0.3 };
  const refused = { code: 'INVALID_INPUT' };
  await expect(kernels.fitKernelRidge({ ...task, labels: new Int32Array(29) })).rejects.toMatchObject(
    refused,
  );
  await expect(kernels.fitKernelRidge({ ...task, landmarks: 'shorter' })).rejects.toMatchObject(refused);
  await expect(kernels.fitKernelRidge({ ...task, labels: new Int32Array(30).fill(2) })).rejects.toMatchObject(
    refused,
  );
  const fit = await kernels.fitKernelRidge({
    ...task,
    labels: Int32Array.from({ length: 30 }, (_, i) => i % 2),
  });
  expect([fit.weights.length, fit.outputs.length]).toEqual([8, 60]);
  await expect(kernels.kernelSums(new Float32Array(D + 1), 'landmarks', fit)).rejects.toMatchObject(refused);
});

test('patches are held against a matrix as their numbers would be', async () => {
  const grid: PatchGrid = { rows: 40, columns: 50, outputs: [{ name: 'layer', dimensions: D }] };
  const patches = grid.rows * grid.columns;
  const packed = Buffer.concat(
    [1, 2, 3].map((seed) => {
      const data = normal(patches * D, seed);
      return packPatches([{ data, height: grid.rows, width: grid.columns }], 0, grid);
    }),
  );
  await put('memory', 50, 4);
  const found = await kernels.nearestToPatches(packed, grid, [0.5], 'memory');
  const { distance } = await kernels.nearest(unpackPatches(packed, grid, [0.5]), 'memory', 1);
  expect(found).toEqual(distance);
  const refused = { code: 'INVALID_INPUT' };
  await expect(kernels.nearestToPatches(packed.subarray(1), grid, [1], 'memory')).rejects.toMatchObject(
    refused,
  );
  await kernels.putMatrix('other', new Float32Array(2), 1, 2);
  await expect(kernels.nearestToPatches(packed, grid, [1], 'other')).rejects.toMatchObject(refused);
});
