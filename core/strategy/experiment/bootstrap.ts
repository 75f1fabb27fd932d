import { METRICS, type Interval, type Metric } from '../../../rpc/contract/experiments.ts';
import { quantileSorted, sortedFinite } from '../../base/numeric/percentile.ts';
import { randomIndex, type Random } from '../../base/numeric/random.ts';
import type { Metrics } from './metrics.ts';

/** A metric as measured, and in each draw of the bootstrap; NaN where it cannot be computed. */
export interface Sampled {
  value: number;
  draws: Float64Array;
}

export type SampledMetrics = Record<Metric, Sampled>;

/** The answers of one model, ready to be scored under other weights of the images. */
export interface Scorer<Weights> {
  score(weights: Weights): Metrics;
}

/**
 * The metrics of models on one hold-out, each the mean over its training seeds, as measured and in `draws` draws of a
 * bootstrap over images and seeds (Owen, "The pigeonhole bootstrap", Annals of Applied Statistics 1, 2007). Every draw
 * takes the same images and seeds for all models, so that differences between draws are paired. Of S seeds S - 1 are
 * drawn, which makes the variance of so few unbiased (Rao and Wu, JASA 83, 1988). `models[m][s]` is model m at seed s;
 * `weigh` makes of how often each image counts what they are scored under.
 */
export function resample<Weights>(
  models: readonly (readonly Scorer<Weights>[])[],
  images: number,
  weigh: (counts: Uint16Array) => Weights,
  draws: number,
  random: Random,
  onDraw?: (draw: number) => void,
): SampledMetrics[] {
  const sizes = [...new Set(models.map((seeds) => seeds.length))];
  const whole = weigh(new Uint16Array(images).fill(1));
  const sampled = models.map((seeds) => {
    const point = meanMetrics(seeds, whole, new Uint16Array(seeds.length).fill(1));
    return Object.fromEntries(
      METRICS.map((metric) => [metric, { value: point[metric] ?? NaN, draws: new Float64Array(draws) }]),
    ) as SampledMetrics;
  });
  for (let draw = 0; draw < draws; draw++) {
    onDraw?.(draw);
    const weights = weigh(drawCounts(random, images, images));
    const seeds = new Map(sizes.map((size) => [size, drawCounts(random, size, Math.max(1, size - 1))]));
    for (const [m, scorers] of models.entries()) {
      const found = meanMetrics(scorers, weights, seeds.get(scorers.length)!);
      for (const metric of METRICS) sampled[m]![metric].draws[draw] = found[metric] ?? NaN;
    }
  }
  return sampled;
}

/** How often each of `n` is among `size` draws with replacement. */
function drawCounts(random: Random, n: number, size: number): Uint16Array {
  const counts = new Uint16Array(n);
  for (let i = 0; i < size; i++) counts[randomIndex(random, n)]!++;
  return counts;
}

function meanMetrics<Weights>(
  scorers: readonly Scorer<Weights>[],
  weights: Weights,
  seeds: Uint16Array,
): Metrics {
  const mean: Metrics = { accuracy: 0, macroF1: 0, worstClass: 0, calibrationError: 0, meanAp: 0 };
  let total = 0;
  for (const [s, scorer] of scorers.entries()) {
    if (seeds[s] === 0) continue;
    total += seeds[s]!;
    const found = scorer.score(weights);
    for (const metric of METRICS)
      mean[metric] =
        mean[metric] === null || found[metric] === null ? null : mean[metric] + found[metric] * seeds[s]!;
  }
  for (const metric of METRICS) if (mean[metric] !== null) mean[metric] /= total;
  return mean;
}

/** Ends of the percentile interval of 95 %; null where nothing was measured. */
export function intervalOf(draws: Float64Array): Interval | null {
  const ascending = sortedFinite(draws);
  return ascending.length === 0 ? null : [quantileSorted(ascending, 0.025), quantileSorted(ascending, 0.975)];
}

/** One minus another, draw by draw. */
export const minus = (a: Sampled, b: Sampled): Sampled => ({
  value: a.value - b.value,
  draws: a.draws.map((draw, i) => draw - b.draws[i]!),
});

/** The mean of several, draw by draw. */
export const meanOf = (all: readonly Sampled[]): Sampled => ({
  value: all.reduce((sum, { value }) => sum + value, 0) / all.length,
  draws: all[0]!.draws.map((_, i) => all.reduce((sum, { draws }) => sum + draws[i]!, 0) / all.length),
});
