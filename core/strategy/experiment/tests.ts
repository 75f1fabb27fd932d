import { lnChoose } from '../../base/numeric/special.ts';
import type { Standing } from '../../../rpc/contract/experiments.ts';
import type { Answers } from './metrics.ts';

/** Of the standard normal: two-sided 5 %, one-sided 5 %, and a power of 80 %. */
const Z_TWO_SIDED = 1.959963984540054;
const Z_ONE_SIDED = 1.6448536269514722;
const Z_POWER = 0.8416212335729143;

/**
 * The exact two-sided test of McNemar (Psychometrika 12, 1947): whether `b` and `c`, the images that only one of two
 * models gets right, differ by more than chance.
 */
export function mcnemarExact(b: number, c: number): number {
  const n = b + c;
  let tail = 0;
  for (let k = 0; k <= Math.min(b, c); k++) tail += Math.exp(lnChoose(n, k) - n * Math.LN2);
  return Math.min(1, 2 * tail);
}

/** p-values corrected for being several, in the order given (Holm, Scandinavian Journal of Statistics 6, 1979). */
export function holm(p: readonly number[]): number[] {
  const order = [...p.keys()].sort((a, b) => p[a]! - p[b]!);
  const adjusted = [...p];
  let largest = 0;
  for (const [rank, at] of order.entries()) {
    largest = Math.max(largest, Math.min(1, p[at]! * (p.length - rank)));
    adjusted[at] = largest;
  }
  return adjusted;
}

/**
 * What never happened among n images happens to at most 3 / n of all, at 95 % (Hanley and Lippman-Hand, JAMA 249, 1983).
 * So few images as that say nothing of a smaller share, however well two models agree on them.
 */
const NEVER_SEEN = 3;

/**
 * Where an interval of a difference on some images stands beside a margin, both as shares (Piaggio et al., JAMA 308,
 * 2012): all of it above -margin is not inferior, all of it below is inferior, and anything else cannot be told.
 */
export function standingOf([low, high]: readonly [number, number], images: number, margin: number): Standing {
  if (high < -margin) return 'inferior';
  return low > -margin && NEVER_SEEN / images <= margin ? 'not-inferior' : 'unclear';
}

/** Variance of the mean difference of two models in accuracy, by where it is from. */
export interface Spread {
  /** Of an image: falls with the number of hold-out images. */
  image: number;
  /** Of the mean over the seeds that there are: a larger hold-out does not change it. */
  seeds: number;
  /** The same where it is surely not chance, else 0: so few seeds and images often show some that is not there. */
  certainSeeds: number;
  images: number;
}

/**
 * Splits the variance of the difference between two models that answer the same images at the same seeds, by the analysis
 * of variance of images crossed with seeds.
 */
export function spreadOf(a: readonly Answers[], b: readonly Answers[], truth: Int32Array): Spread {
  const [n, s] = [truth.length, a.length];
  const byImage = new Float64Array(n);
  const bySeed = new Float64Array(s);
  const difference = (seed: number, i: number): number =>
    Number(a[seed]!.predicted[i] === truth[i]) - Number(b[seed]!.predicted[i] === truth[i]);
  for (let seed = 0; seed < s; seed++)
    for (let i = 0; i < n; i++) {
      byImage[i]! += difference(seed, i) / s;
      bySeed[seed]! += difference(seed, i) / n;
    }
  const mean = bySeed.reduce((sum, each) => sum + each, 0) / s;
  let residual = 0;
  for (let seed = 0; seed < s; seed++)
    for (let i = 0; i < n; i++) residual += (difference(seed, i) - byImage[i]! - bySeed[seed]! + mean) ** 2;
  const error = n > 1 && s > 1 ? residual / ((n - 1) * (s - 1)) : 0;
  const ofSeeds = varianceOf(bySeed);
  const seeds = Math.max(0, ofSeeds - error / n) / s;
  // About the 95 % quantile of F with s - 1 and very many degrees of freedom.
  const isCertain = ofSeeds > (error / n) * (1 + Z_ONE_SIDED * Math.sqrt(2 / (s - 1)));
  return { image: varianceOf(byImage), seeds, certainSeeds: isCertain ? seeds : 0, images: n };
}

export function varianceOf(values: Float64Array): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  return values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (values.length - 1);
}

/** The least true difference that is found four times in five, at a two-sided level of 5 %. */
export function leastEffect({ image, seeds, images }: Spread): number {
  return Math.max(NEVER_SEEN / images, (Z_TWO_SIDED + Z_POWER) * Math.sqrt(image / images + seeds));
}

/**
 * Hold-out images with which a difference of `margin` would be found four times in five; null where the seeds alone vary
 * too much, so that more of them are needed first.
 */
export function holdoutNeeded({ image, certainSeeds }: Spread, margin: number): number | null {
  const rest = (margin / (Z_TWO_SIDED + Z_POWER)) ** 2 - certainSeeds;
  return rest > 0 ? Math.ceil(Math.max(NEVER_SEEN / margin, image / rest)) : null;
}

/** Each image's answer by most of the seeds; of equals the one that the earliest of these seeds gave. */
export function majority(answers: readonly Answers[]): Int32Array {
  return answers[0]!.predicted.map((_, i) => {
    const votes = new Map<number, number>();
    for (const { predicted } of answers) votes.set(predicted[i]!, (votes.get(predicted[i]!) ?? 0) + 1);
    return [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best))[0];
  });
}
