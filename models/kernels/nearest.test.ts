import type { InferenceSession } from 'onnxruntime-node';
import { beforeAll, describe, expect, test } from 'vitest';
import { openSession } from '../ort-session.ts';
import { seededRandom } from '../testing/random.ts';
import { MatrixStore, type Matrix } from './matrix-store.ts';
import { nearest, nearestGraph } from './nearest.ts';

let session: InferenceSession;

beforeAll(async () => {
  session = await openSession(nearestGraph(), { threads: 2, provider: 'cpu' });
});

function matrix(data: Float32Array, columns: number): Matrix {
  const store = new MatrixStore();
  store.put({ name: 'm', rows: data.length / columns, columns, firstRow: 0, data });
  return store.get('m');
}

/** All distances in float64, sorted by distance, then row. */
function bruteForce(query: Float32Array, base: Matrix, k: number, exclude: Int32Array | null) {
  const index: number[] = [];
  const distance: number[] = [];
  for (let i = 0; i < query.length / base.columns; i++) {
    const all: { row: number; squared: number }[] = [];
    for (let row = 0; row < base.rows; row++) {
      if (exclude?.[i] === row) continue;
      let squared = 0;
      for (let c = 0; c < base.columns; c++) {
        squared += (query[i * base.columns + c]! - base.data[row * base.columns + c]!) ** 2;
      }
      all.push({ row, squared });
    }
    all.sort((a, b) => a.squared - b.squared || a.row - b.row);
    for (let j = 0; j < k; j++) {
      index.push(all[j]?.row ?? -1);
      distance.push(Math.fround(Math.sqrt(all[j]?.squared ?? Infinity)));
    }
  }
  return { index, distance };
}

/** What the kernel found, and what it should have. */
async function both(query: Float32Array, base: Matrix, k: number, exclude: Int32Array | null = null) {
  const { index, distance } = await nearest(session, query, base, k, exclude);
  const found = { index: Array.from(index), distance: Array.from(distance) };
  return { found, expected: bruteForce(query, base, k, exclude) };
}

function normal(count: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: count }, () => random() + random() + random() - 1.5);
}

describe('nearest equals brute force in float64', () => {
  test.each([1, 7, 64])('for %i columns', async (columns) => {
    const { found, expected } = await both(
      normal(50 * columns, 1),
      matrix(normal(900 * columns, 2), columns),
      5,
    );
    expect(found).toEqual(expected);
  });

  test('with more queries than one block', async () => {
    const { found, expected } = await both(normal(1100 * 3, 3), matrix(normal(40 * 3, 4), 3), 4);
    expect(found).toEqual(expected);
  });

  test('with more rows than one block', async () => {
    const { found, expected } = await both(normal(3 * 2, 5), matrix(normal(40_000 * 2, 6), 2), 12);
    expect(found).toEqual(expected);
  });

  test('when every row is the same, so that only the row number decides', async () => {
    const same = new Float32Array(300 * 4).fill(0.1);
    const { found, expected } = await both(same.subarray(0, 20), matrix(same, 4), 6);
    expect(found).toEqual(expected);
  });

  test('when many rows tie exactly around the k-th place', async () => {
    const corners = Float32Array.from({ length: 512 * 9 }, (_, at) => (Math.floor(at / 9) >> (at % 9)) & 1);
    const { found, expected } = await both(
      corners.subarray(0, 90),
      matrix(corners, 9),
      5,
      Int32Array.from({ length: 10 }, (_, i) => i),
    );
    expect(found).toEqual(expected);
  });

  test('when rows lie so far out that float32 cannot tell them apart', async () => {
    const far = normal(400 * 8, 7).map((value) => value + 5000);
    const { found, expected } = await both(far.subarray(0, 80), matrix(far, 8), 3);
    expect(found).toEqual(expected);
  });

  test('when one row is vastly longer than the others', async () => {
    const data = normal(500 * 6, 8);
    data.fill(1e6, 0, 6);
    const { found, expected } = await both(data.subarray(0, 60), matrix(data, 6), 3);
    expect(found).toEqual(expected);
  });

  test('with itself left out', async () => {
    const data = normal(200 * 5, 9);
    const { found, expected } = await both(
      data,
      matrix(data, 5),
      3,
      Int32Array.from({ length: 200 }, (_, i) => i),
    );
    expect(found).toEqual(expected);
  });

  test('with fewer rows than k, and with one of them left out', async () => {
    const data = normal(4 * 5, 10);
    const { found, expected } = await both(data, matrix(data, 5), 7, Int32Array.of(0, -1, 2, 3));
    expect(found).toEqual(expected);
  });

  test('with no rows at all, and with no queries', async () => {
    const empty = await both(normal(10, 11), matrix(new Float32Array(), 5), 2);
    expect(empty.found).toEqual(empty.expected);
    const unasked = await both(new Float32Array(), matrix(normal(10, 12), 5), 2);
    expect(unasked.found).toEqual({ index: [], distance: [] });
  });
});

test.each([NaN, Infinity, 3e30])('a query of %d is refused by its row', async (value) => {
  const query = normal(15, 13);
  query[7] = value;
  await expect(nearest(session, query, matrix(normal(50, 14), 5), 2, null)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    data: { row: 1 },
  });
});
