import { describe, expect, test } from 'vitest';
import ensembles from '../../../test/goldens/label-quality/ensemble.json' with { type: 'json' };
import golden from '../../../test/goldens/label-quality/outliers.json' with { type: 'json' };
import { novelty } from '../../measure/scores/novelty.ts';
import { classThresholds } from './confident-joint.ts';
import { ensembleWeights } from './ensemble-quality.ts';
import { adjusted, normalizedMargin, selfConfidence } from './label-scores.ts';
import type { Labelled } from './labelled.ts';
import { oodFromProbabilities } from './ood-probability.ts';

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

describe('out of distribution by probabilities', () => {
  const facts = golden.probabilities;
  const labelled: Labelled = {
    classes: 3,
    probabilities: Float64Array.from(facts.P.flat()),
    given: Int32Array.from(facts.labels),
  };
  const thresholds = classThresholds(labelled);

  test.each(['entropy', 'confidence', 'gen'] as const)('%s', (method) => {
    thresholds.forEach((threshold, k) => expect(threshold).toBeCloseTo(facts.thr[k]!, 9));
    const moved = method === 'gen' ? labelled : adjusted(labelled, thresholds);
    const values = oodFromProbabilities(moved.probabilities, 3, method);
    expect(values).toHaveLength(facts[method].length);
    facts[method].forEach((wanted, i) => expect(values[i]).toBeCloseTo(wanted, 9));
  });
});

describe('an ensemble', () => {
  const given = Int32Array.from(ensembles.labels);
  const members = ensembles.members.map((member) => Float64Array.from(member.flat()));
  const methods = { self_confidence: selfConfidence, normalized_margin: normalizedMargin };

  test.each([
    ['accuracy', 'accuracy', 'self_confidence'],
    ['accuracy', 'accuracy', 'normalized_margin'],
    ['log-loss', 'log_loss_search', 'self_confidence'],
    ['log-loss', 'log_loss_search', 'normalized_margin'],
  ] as const)('weighs its models by %s as %s does, %s', (by, name, method) => {
    const weights = ensembleWeights(members, { classes: 3, given }, by);
    const scores = members.map((probabilities) => methods[method]({ classes: 3, probabilities, given }));
    const wanted = ensembles.scores[`${name}.${method}`];
    expect(wanted).toHaveLength(given.length);
    wanted.forEach((value, i) =>
      expect(scores.reduce((sum, score, m) => sum + weights[m]! * score[i]!, 0)).toBeCloseTo(value, 9),
    );
  });

  test('weighs models alike that are never right', () => {
    const wrong = Float64Array.of(1, 0);
    const facts = { classes: 2, given: Int32Array.of(1) };
    expect([...ensembleWeights([wrong, wrong], facts, 'accuracy')]).toEqual([0.5, 0.5]);
    expect([...ensembleWeights([wrong, wrong], facts, 'log-loss')]).toEqual([0.5, 0.5]);
  });
});
