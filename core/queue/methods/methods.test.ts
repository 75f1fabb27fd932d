import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import golden from '../../../test/goldens/selection.json' with { type: 'json' };
import { InferenceProcess } from '../../../models/inference-process.ts';
import { gaussian, mulberry32 } from '../../base/numeric/random.ts';
import { softmaxRows } from '../../base/numeric/softmax.ts';
import { gradientFactors } from './badge.ts';
import type { SelectionTask } from './define.ts';
import kCenter from './k-center.ts';
import { selectionMethods } from './registry.ts';
import { Space } from './space.ts';
import { typicality } from './typiclust.ts';
import uncertaintyHerding from './uncertainty-herding.ts';

const flat = (rows: number[][]): Float32Array => Float32Array.from(rows.flat());

const rounded = (values: ArrayLike<number>, digits = 6): number[] =>
  Array.from(values, (value) => Number(value.toFixed(digits)));

/** Six clusters of 30 in 8 dimensions; one is labelled, one is uncertain. */
function clusters(budget: number): SelectionTask {
  const random = mulberry32(3);
  const centre = Array.from({ length: 6 * 8 }, () => 8 * gaussian(random));
  const row = (cluster: number): number[] =>
    Array.from({ length: 8 }, (_, d) => centre[cluster * 8 + d]! + gaussian(random));
  const candidates = Array.from({ length: 180 }, (_, i) => row(i % 6));
  const logits = candidates.flatMap((_, i) =>
    Array.from({ length: 6 }, (__, k) => (k === i % 6 ? (i % 6 === 5 ? 0.5 : 6) : 0)),
  );
  return {
    dimensions: 8,
    candidates: flat(candidates),
    labelled: flat(Array.from({ length: 10 }, () => row(0))),
    probabilities: softmaxRows(Float64Array.from(logits), 6),
    classes: 6,
    budget,
    random: mulberry32(9),
  };
}

describe('against the published code', () => {
  test('k-center takes the same points', async () => {
    const { X, labeled, selected } = golden.kcenter;
    const chosen = await kCenter.select({
      dimensions: 2,
      candidates: flat(X),
      labelled: flat(labeled.map((i) => X[i]!)),
      probabilities: null,
      classes: 0,
      budget: 3,
      random: mulberry32(1),
    });
    expect(chosen).toEqual(selected);
  });

  test('BADGE has the same norms and distances without making the vectors', async () => {
    const { emb, probs, norm2, first, dist_to_first: distances } = golden.badge;
    await Space.within(
      {},
      gradientFactors(flat(emb), 2, Float64Array.from(probs.flat()), 2),
      async (space) => {
        expect(rounded(space.norms)).toEqual(rounded(norm2));
        expect(space.norms.indexOf(Math.max(...space.norms))).toBe(first);
        const found = emb.map((_, i) => Math.sqrt(space.squaredDistance(i, first)));
        expect(rounded(found)).toEqual(rounded(distances));
      },
    );
  });

  test('typicality is of squared distances', () => {
    const { X, k, typ } = golden.typ;
    expect(rounded(typicality(flat(X), 2, [...X.keys()], k), 4)).toEqual(rounded(typ, 4));
  });
});

describe.each([...selectionMethods.values()])('$id', (method) => {
  test.each([0, 1, 12, 180, 500])('chooses %d different candidates, the same every time', async (budget) => {
    const chosen = await method.select(clusters(budget));
    expect(chosen).toHaveLength(Math.min(budget, 180));
    expect(new Set(chosen).size).toBe(chosen.length);
    expect(chosen.every((i) => i >= 0 && i < 180)).toBe(true);
    expect(await method.select(clusters(budget))).toEqual(chosen);
  });

  test('stops when told to', async () => {
    const task = { ...clusters(20), signal: AbortSignal.abort(new Error('enough')) };
    await expect(method.select(task)).rejects.toThrow('enough');
  });

  test('handles identical candidates', async () => {
    const task = { ...clusters(4), candidates: new Float32Array(180 * 8).fill(1) };
    expect(new Set(await method.select(task)).size).toBe(4);
  });
});

test('coverage methods first take one of every region but the labelled one', async () => {
  const furthest = await kCenter.select(clusters(5));
  expect(new Set(furthest.map((i) => i % 6))).toEqual(new Set([1, 2, 3, 4, 5]));
  const balls = await selectionMethods.get('prob-cover')!.select(clusters(5));
  expect(new Set(balls.map((i) => i % 6)).size).toBe(5);
  const typical = await selectionMethods.get('typiclust')!.select(clusters(5));
  expect(typical.every((i) => i % 6 !== 0)).toBe(true);
});

test('uncertainty methods take the uncertain region', async () => {
  for (const id of ['margin', 'entropy']) {
    const chosen = await selectionMethods.get(id)!.select(clusters(10));
    expect(chosen.every((i) => i % 6 === 5)).toBe(true);
  }
  const herded = await uncertaintyHerding.select(clusters(3));
  expect(herded[0]! % 6).toBe(5);
});

test('the first of lazy greedy is the best of all', async () => {
  const task = { ...clusters(1), labelled: new Float32Array(0), probabilities: null };
  const [first] = await uncertaintyHerding.select(task);
  const again = await uncertaintyHerding.select({ ...task, budget: 6, random: mulberry32(9) });
  expect(again[0]).toBe(first);
  expect(new Set(again.map((i) => i % 6)).size).toBe(6);
});

describe('with kernels', () => {
  let kernels: InferenceProcess;
  beforeAll(async () => {
    kernels = await InferenceProcess.start({ threads: 2 });
  });
  afterAll(() => kernels.close());

  test.each([...selectionMethods.values()])(
    '$id chooses as without them, near ties aside',
    async (method) => {
      for (const budget of [0, 1, 5])
        expect(await method.select({ ...clusters(budget), kernels })).toEqual(
          await method.select(clusters(budget)),
        );
      const plain = new Set(await method.select(clusters(100)));
      const found = await method.select({ ...clusters(100), kernels });
      expect(found.filter((i) => plain.has(i)).length).toBeGreaterThan(95);
    },
  );
});

test('D² sampling draws in proportion, whatever was taken into account already', async () => {
  // On a line: 0 is labelled, so the chances of 1 and 3 are 1 : 9, and after 3 those of 1 and 2 are equal.
  const at = [1, 3, 2];
  const first = new Map<string, number>();
  for (let seed = 0; seed < 3000; seed++) {
    const chosen = await selectionMethods.get('k-means-plus-plus')!.select({
      dimensions: 1,
      candidates: Float32Array.from(at),
      labelled: Float32Array.of(0),
      probabilities: null,
      classes: 0,
      budget: 2,
      random: mulberry32(seed * 7919),
    });
    const key = chosen.map((i) => at[i]!).join(' ');
    first.set(key, (first.get(key) ?? 0) + 1);
  }
  // 1, 4 and 9 of 14; then, after 3, 1 and 2 at distance 1 of 0 and of 3.
  const share = (key: string): number => (first.get(key) ?? 0) / 3000;
  expect(share('3 1') + share('3 2')).toBeCloseTo(9 / 14, 1);
  expect(share('3 1') / share('3 2')).toBeCloseTo(1, 0);
  expect(share('2 3') + share('2 1')).toBeCloseTo(4 / 14, 1);
});
