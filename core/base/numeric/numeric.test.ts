import { describe, expect, test } from 'vitest';
import golden from '../../../test/goldens/numeric.json' with { type: 'json' };
import { minimise } from './brent.ts';
import { entropy, mutualInformation, topTwo } from './entropy.ts';
import { countAtMost, countBelow, quantileSorted, sortedFinite } from './percentile.ts';
import { gaussian, mulberry32, sampleWithoutReplacement } from './random.ts';
import { crossEntropy, softmaxRows } from './softmax.ts';
import { betaCdf, betaInv, hypergeometricCdf, lgamma, lnChoose } from './special.ts';

const choose = (n: number, k: number): number => (k < 0 || k > n ? 0 : Math.round(Math.exp(lnChoose(n, k))));

describe('random numbers', () => {
  test('repeat the published stream', () => {
    const random = mulberry32(42);
    expect(golden['mulberry32(42)'].map(() => random())).toEqual(golden['mulberry32(42)']);
    const normal = mulberry32(7);
    for (const value of golden['gaussians(7)']) expect(gaussian(normal)).toBeCloseTo(value, 9);
  });

  test('sampling takes every item at most once, and every item equally often', () => {
    const random = mulberry32(3);
    const hits = Array.from({ length: 10 }, () => 0);
    for (let round = 0; round < 20_000; round++) {
      const sample = sampleWithoutReplacement(random, 10, 3);
      expect(new Set(sample).size).toBe(3);
      for (const item of sample) hits[item]!++;
    }
    // 6000 expected each, standard deviation 65.
    for (const count of hits) expect(Math.abs(count - 6000)).toBeLessThan(330);
    expect([...sampleWithoutReplacement(random, 2, 5).sort()]).toEqual([0, 1]);
  });
});

describe('quantiles', () => {
  test('interpolate as numpy does', () => {
    const { avg, thr } = golden.outlierIqr;
    const sorted = sortedFinite([...avg, Number.NaN]);
    const q3 = quantileSorted(sorted, 0.75);
    const fence = q3 + (1 / 0.37037 - 1) * (q3 - quantileSorted(sorted, 0.25));
    expect(fence).toBeCloseTo(thr, 9);
    expect(quantileSorted([], 0.5)).toBeNaN();
  });

  test('ranks count ties on the right side', () => {
    const sorted = sortedFinite([3, 1, 2, 2]);
    expect([countBelow(sorted, 2), countAtMost(sorted, 2)]).toEqual([1, 3]);
    expect([countBelow(sorted, 0), countAtMost(sorted, 9)]).toEqual([0, 4]);
  });
});

describe('softmax, entropy, mutual information', () => {
  test('match the published values', () => {
    const p = softmaxRows(Float64Array.of(2, 1, 0), 3);
    expect(entropy(p, 0, 3)).toBeCloseTo(golden['hardness[2,1,0]'], 9);
    expect(entropy(Float64Array.of(0.5, 0.3, 0.2), 0, 3)).toBeCloseTo(golden.entropyNats, 9);
    const members = golden.members.map((member) => Float64Array.from(member));
    expect(mutualInformation(members, 0, 3)).toBeCloseTo(golden.baldNats, 9);
  });

  test('survive extreme logits and missing rows', () => {
    expect([...softmaxRows(Float64Array.of(1e4, 0, -1e4), 3)]).toEqual([1, 0, 0]);
    expect(softmaxRows(Float64Array.of(Number.NaN, 0), 2)[1]).toBeNaN();
    expect(crossEntropy(Float64Array.of(0, 2000), Int32Array.of(0), 2)).toBe(2000);
    expect(crossEntropy(Float64Array.of(0, 0, 9, 9), Int32Array.of(1, -1), 2)).toBeCloseTo(Math.LN2, 12);
    expect(topTwo(Float64Array.of(0.2, 0.7, 0.7), 0, 3)).toEqual([0.7, 0.7]);
  });
});

describe('minimise', () => {
  test('finds the bottom of a valley, inside or at an end', () => {
    expect(minimise((x) => (x - 1.25) ** 4 + x, -3, 5)).toBeCloseTo(1.25 - Math.cbrt(0.25), 5);
    expect(minimise((x) => x, 2, 3)).toBeCloseTo(2, 6);
    expect(minimise((x) => Math.abs(x - 0.3), 0, 1)).toBeCloseTo(0.3, 7);
  });
});

describe('special functions', () => {
  test('gamma and binomial coefficients', () => {
    expect(Math.exp(lgamma(6))).toBeCloseTo(120, 9);
    expect(lgamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 13);
    expect(Math.exp(lnChoose(10, 3))).toBeCloseTo(120, 9);
    expect(lnChoose(3, 4)).toBe(-Infinity);
  });

  test('beta distribution: closed forms, symmetry, inverse', () => {
    expect(betaCdf(0.3, 1, 4)).toBeCloseTo(1 - 0.7 ** 4, 14);
    expect(betaCdf(0.3, 4, 1)).toBeCloseTo(0.3 ** 4, 14);
    expect(betaCdf(0.4, 2.5, 7) + betaCdf(0.6, 7, 2.5)).toBeCloseTo(1, 13);
    for (const p of [1e-9, 0.025, 0.5, 0.95])
      expect(betaCdf(betaInv(p, 3.2, 41), 3.2, 41)).toBeCloseTo(p, 12);
    expect(betaInv(0.95, 1, 59)).toBeCloseTo(1 - 0.05 ** (1 / 59), 14);
  });

  test('the hypergeometric distribution agrees with sums over all cases', () => {
    for (let x = 0; x <= 5; x++) {
      let hypergeometric = 0;
      for (let i = 0; i <= x; i++) hypergeometric += (choose(6, i) * choose(14, 9 - i)) / choose(20, 9);
      expect(hypergeometricCdf(x, 20, 6, 9)).toBeCloseTo(hypergeometric, 12);
    }
  });
});
