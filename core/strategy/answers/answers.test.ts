import { expect, test } from 'vitest';
import { spearman } from './correlation.ts';
import { entropyOfPeople, splitFrom, weighed } from './weighed.ts';

const share = (label: string | null, annotators: number, of: number) => ({
  label,
  rejected: label === null,
  annotators,
  share: annotators / of,
});

test('two against one, counted and weighted by quality', () => {
  const shares = [share('leaf', 2, 3), share('brick', 1, 3)];
  const counts = weighed(shares, [[0.5, 0.6], [0.9]]);
  expect(counts.map(({ annotators }) => annotators)).toEqual([2, 1]);
  expect(counts.map(({ weight }) => weight)).toEqual([1.1, 0.9]);
  expect(counts[0]!.weightedShare).toBeCloseTo(0.55, 12);
  expect(counts[1]!.weightedShare).toBeCloseTo(0.45, 12);
  for (const unknown of [
    [[0.5, null], [0.9]],
    [[0, 0], [0]],
  ])
    expect(weighed(shares, unknown).map(({ weight, weightedShare }) => [weight, weightedShare])).toEqual([
      [null, null],
      [null, null],
    ]);
});

test('the entropy of people is 1 where they are spread over all classes, and undefined where one rejects', () => {
  expect(entropyOfPeople([share('a', 1, 2), share('b', 1, 2)], 2)).toBeCloseTo(1, 12);
  expect(entropyOfPeople([share('a', 1, 2), share('b', 1, 2)], 4)).toBeCloseTo(0.5, 12);
  // -(2/3 ln 2/3 + 1/3 ln 1/3) = 0.636514, over ln 4 = 1.386294
  expect(entropyOfPeople([share('a', 2, 3), share('b', 1, 3)], 4)).toBeCloseTo(0.459148, 6);
  expect(splitFrom(4)).toBeCloseTo(0.459148, 6);
  expect(entropyOfPeople([share('a', 3, 3)], 4)).toBe(0);
  expect(entropyOfPeople([share('a', 1, 2), share(null, 1, 2)], 4)).toBeNull();
});

test('Spearman takes ties at their mean rank, and needs ten pairs for an interval', () => {
  // Ranks 1.5 1.5 3 4 and 1 2 3 4: 4.5 / sqrt(4.5 * 5)
  const few = spearman([0, 0, 1, 2], [1, 2, 3, 4])!;
  expect(few.rho).toBeCloseTo(0.9486832981, 9);
  expect(few.interval).toBeNull();
  // 1 - 6 * 10 / (10 * 99) = 31/33; z = 1.738168 +- 1.959964 sqrt((1 + rho² / 2) / 7)
  const upTo = Array.from({ length: 10 }, (_, i) => i);
  const { rho, interval } = spearman(upTo, [1, 0, 3, 2, 5, 4, 7, 6, 9, 8])!;
  expect(rho).toBeCloseTo(31 / 33, 12);
  expect(interval![0]).toBeCloseTo(Math.tanh(Math.atanh(31 / 33) - 0.889336), 5);
  expect(interval![1]).toBeCloseTo(Math.tanh(Math.atanh(31 / 33) + 0.889336), 5);
  expect(
    spearman(
      upTo,
      upTo.map(() => 1),
    ),
  ).toBeNull();
  expect(spearman([1, 2], [1, 2])).toBeNull();
});
