import { afterAll, beforeAll, expect, test } from 'vitest';
import { InferenceProcess } from '../../models/inference-process.ts';
import type { Kernels } from '../../models/types.ts';
import { AssayError } from '../../rpc/errors.ts';
import { canonicalJson } from '../ledger/canonical.ts';
import { gaussian, mulberry32 } from '../base/numeric/random.ts';
import { AutomaticSearch, isLarge, recallOf, searchesOf } from './automatic-search.ts';

const ROWS = 50_000;
const COLUMNS = 4;
/** As many as make a search of so few numbers a large one. */
const QUERIES = 1e9;

const quiet = { signal: new AbortController().signal, progress: () => {} };
let kernels: InferenceProcess;
let data: Float32Array;

beforeAll(async () => {
  kernels = await InferenceProcess.start({ threads: 2 });
  const random = mulberry32(6);
  data = Float32Array.from({ length: ROWS * COLUMNS }, () => gaussian(random));
});
afterAll(() => kernels.close());

test('a search is large where it takes minutes, and the base is large too', () => {
  expect(isLarge(100_000, 100_000, 256)).toBe(false);
  expect(isLarge(200_000, 200_000, 256)).toBe(true);
  expect(isLarge(1_000_000, 30_000, 256)).toBe(false);
});

test('few queries are answered exactly, and nothing is recorded', async () => {
  const search = new AutomaticSearch(kernels, 1000, 1, quiet);
  await search.putMatrix('few', data, ROWS, COLUMNS);
  const query = data.subarray(0, 40 * COLUMNS);
  expect(await search.nearest(query, 'few', 5)).toEqual(await kernels.nearest(query, 'few', 5));
  expect(search.record).toBeUndefined();
  expect(search.notes).toEqual([]);
});

test(
  'many are answered through an index whose recall is measured, the same every time',
  { timeout: 60_000 },
  async () => {
    const stages = new Set<string>();
    const task = { ...quiet, progress: ({ stage }: { stage: string }) => void stages.add(stage) };
    const search = new AutomaticSearch(kernels, QUERIES, 1, task);
    // Rows that come piece by piece, as from a database.
    const rows = (first: number, count: number): Float32Array =>
      data.subarray(first * COLUMNS, (first + count) * COLUMNS);
    await search.putMatrix('many', rows, ROWS, COLUMNS);
    const own = search.indexes.get('many')!;
    expect(own).toMatchObject({ rows: ROWS, queries: 1000 });
    expect(own.recall).toBeGreaterThan(0.95);
    expect(search.record).toEqual({ many: own });
    expect(searchesOf(canonicalJson({ seed: 1, search: search.record }))).toEqual([
      { of: 'many', images: ROWS, recall: own.recall },
    ]);
    expect(searchesOf('{"search":{"many":{"recall":"0.9876","rows":7}}}')).toEqual([
      { of: 'many', images: 7, recall: 0.9876 },
    ]);
    expect(searchesOf(canonicalJson({ seed: 1 }))).toEqual([]);
    expect(search.notes[0]).toMatch(/50,000 images .* index that finds [\d.]+ % of/);
    expect(stages).toContain('indexing');
    const query = data.subarray(0, 300 * COLUMNS);
    const self = Int32Array.from({ length: 300 }, (_, i) => i);
    const found = await search.nearest(query, 'many', 5, self);
    expect(recallOf(await kernels.nearest(query, 'many', 5, self), found)).toBeGreaterThan(0.95);
    const again = new AutomaticSearch(kernels, QUERIES, 1, quiet);
    await again.putMatrix('many', data, ROWS, COLUMNS);
    expect(again.indexes.get('many')).toEqual(own);
    expect(await again.nearest(query, 'many', 5, self)).toEqual(found);
  },
);

test('where there is no build of the index, everything is compared and a note says so', async () => {
  const without = Object.assign(Object.create(kernels) as Kernels, {
    putMatrix: kernels.putMatrix.bind(kernels),
    nearest: kernels.nearest.bind(kernels),
    indexRows: () => Promise.reject(new AssayError('UNSUPPORTED_RUNTIME', 'no build')),
  });
  const search = new AutomaticSearch(without, QUERIES, 1, quiet);
  await search.putMatrix('plain', data, ROWS, COLUMNS);
  const query = data.subarray(0, 10 * COLUMNS);
  expect(await search.nearest(query, 'plain', 3)).toEqual(await kernels.nearest(query, 'plain', 3));
  expect(search.notes).toEqual([expect.stringContaining('no index')]);
});

test('recall counts what is as near as the last true neighbour', () => {
  const exact = { index: Int32Array.of(4, 7, 1, -1), distance: Float32Array.of(1, 2, 3, Infinity), k: 2 };
  expect(recallOf(exact, exact)).toBe(1);
  const other = { index: Int32Array.of(4, 9, 1, -1), distance: Float32Array.of(1, 2, 3, Infinity), k: 2 };
  expect(recallOf(exact, other)).toBe(1);
  const worse = {
    index: Int32Array.of(4, 9, -1, -1),
    distance: Float32Array.of(1, 2.5, Infinity, Infinity),
    k: 2,
  };
  expect(recallOf(exact, worse)).toBeCloseTo(1 / 3);
});
