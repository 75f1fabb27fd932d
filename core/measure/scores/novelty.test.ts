import { describe, expect, test } from 'vitest';
import golden from '../../../test/goldens/label-quality/outliers.json' with { type: 'json' };
import { novelty } from './novelty.ts';

type Metric = 'euclidean' | 'cosine';

function distance(a: number[], b: number[], metric: Metric): number {
  if (metric === 'euclidean') return Math.hypot(...a.map((x, i) => x - b[i]!));
  const dot = a.reduce((sum, x, i) => sum + x * b[i]!, 0);
  return 1 - dot / (Math.hypot(...a) * Math.hypot(...b));
}

/** Mean distance of a point to the k nearest of others. */
function meanNearest(point: number[], others: number[][], k: number, metric: Metric): number {
  const nearest = others.map((other) => distance(point, other, metric)).sort((a, b) => a - b);
  return nearest.slice(0, k).reduce((a, b) => a + b, 0) / k;
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

describe('novelty is one minus the out-of-distribution score of the reference', () => {
  test.each(golden.features)('$metric', ({ X, k, metric, scaling, scores, ...rest }) => {
    const own = X.map((point, i) => meanNearest(point, X.toSpliced(i, 1), k, metric as Metric));
    const scale = median(own);
    expect(scale).toBeCloseTo(scaling, 9);
    own.forEach((mean, i) => expect(1 - novelty(mean, scale)).toBeCloseTo(scores[i]!, 9));
    // New images are measured on the scale that was found, and leave nobody out.
    const { new: queries, new_scores: wanted } = { new: [], new_scores: [], ...rest };
    queries.forEach((point, i) =>
      expect(1 - novelty(meanNearest(point, X, k, metric as Metric), scale)).toBeCloseTo(wanted[i]!, 9),
    );
  });

  test('with exact duplicates at 0, and a scale of 0 that divides nothing', () => {
    expect(novelty(1e-8, 0.3)).toBe(0);
    expect(novelty(0, 0)).toBe(0);
    expect(novelty(0.01, 0)).toBe(1);
  });
});
