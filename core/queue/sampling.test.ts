import { describe, expect, test } from 'vitest';
import { gaussian, mulberry32 } from '../base/numeric/random.ts';
import { drawAuditSample } from './audit-sample.ts';
import { chooseDiverse } from './select-queue.ts';
import { kMeans } from './k-means.ts';

function blobs(centres: [number, number][], size: number): number[][] {
  const random = mulberry32(5);
  return centres.flatMap(([x, y]) =>
    Array.from({ length: size }, () => [x + gaussian(random), y + gaussian(random)]),
  );
}

describe('k-means', () => {
  test('finds blobs that lie apart, the same way every time', () => {
    const rows = blobs([[0, 0], [40, 0], [0, 40]], 30); // prettier-ignore
    const found = kMeans(rows, 3, mulberry32(1));
    for (const blob of [0, 1, 2]) expect(new Set(found.slice(blob * 30, blob * 30 + 30)).size).toBe(1);
    expect(new Set(found).size).toBe(3);
    expect(kMeans(rows, 3, mulberry32(1))).toEqual(found);
  });

  test('makes fewer clusters of repeated rows, none of no rows', () => {
    expect(new Set(kMeans([[1, 1], [1, 1], [2, 2]], 3, mulberry32(1))).size).toBe(2); // prettier-ignore
    expect(kMeans([], 3, mulberry32(1))).toHaveLength(0);
  });
});

describe('diverse choice', () => {
  // 60 faults of one kind outrank 140 in two other regions.
  const rows = blobs([[0, 0], [40, 0], [0, 40]], 70); // prettier-ignore
  const ranked = [...rows.keys()];

  test('lets no region take more than twice its even share while others have something', () => {
    const chosen = chooseDiverse(ranked, 30, (i) => rows[i]!, mulberry32(1));
    expect(chosen).toHaveLength(30);
    expect(chosen.filter((i) => i < 70)).toEqual(ranked.slice(0, 20));
    expect(chosen).toEqual(chosen.toSorted((a, b) => a - b));
  });

  test('fills up by rank when the other regions are empty', () => {
    expect(chooseDiverse(ranked.slice(0, 70), 30, (i) => rows[i]!, mulberry32(1))).toEqual(
      ranked.slice(0, 30),
    );
  });

  test('uses rank alone with few items or no embeddings', () => {
    expect(chooseDiverse(ranked, 5, (i) => rows[i]!, mulberry32(1))).toEqual([0, 1, 2, 3, 4]);
    expect(chooseDiverse(ranked, 30, () => null, mulberry32(1))).toEqual(ranked.slice(0, 30));
    expect(chooseDiverse([], 30, () => null, mulberry32(1))).toEqual([]);
  });
});

describe('audit sample', () => {
  test('draws every item with equal probability, records it, and follows the seed', () => {
    const rest = [10, 20, 30, 40];
    const sample = drawAuditSample(rest, 3, mulberry32(9));
    expect(sample.inclusionProbability).toBe(0.75);
    expect(new Set(sample.drawn).size).toBe(3);
    expect(rest).toEqual(expect.arrayContaining(sample.drawn));
    expect(drawAuditSample(rest, 3, mulberry32(9))).toEqual(sample);
    expect(drawAuditSample(rest, 9, mulberry32(9)).inclusionProbability).toBe(1);
    expect(drawAuditSample([], 9, mulberry32(9))).toEqual({ drawn: [], inclusionProbability: 0 });
  });
});
