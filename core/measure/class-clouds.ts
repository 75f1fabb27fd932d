import { addOuter, cholesky, solveLower } from '../base/numeric/cholesky.ts';

/** With fewer labelled images there is nothing to estimate a covariance from. */
const FEWEST = 20;

/** A symmetric positive matrix as its Cholesky factor, d x d, row-major, lower. */
type Factor = Float64Array;

/**
 * Every class as a Gaussian cloud, all of the same shape: means per class and one covariance for all (linear
 * discriminant analysis), and one cloud for all images. An image closer to the cloud of all than to that of its class is probably not of
 * its class: the relative Mahalanobis distance (Ren et al. 2021). Fitted on real and generated images under their given
 * labels: a few wrong ones move a mean little.
 */
export class ClassClouds {
  readonly #dimensions: number;
  /** Means in the space where the classes' covariance is the identity; absent classes have none. */
  readonly #means: (Float64Array | null)[];
  readonly #counts: Float64Array;
  readonly #within: Factor;
  readonly #total: Factor;
  readonly #mean: Float64Array;

  private constructor(
    dimensions: number,
    means: (Float64Array | null)[],
    counts: Float64Array,
    within: Factor,
    total: Factor,
    mean: Float64Array,
  ) {
    this.#dimensions = dimensions;
    this.#counts = counts;
    this.#within = within;
    this.#total = total;
    this.#mean = mean;
    this.#means = means.map((own) => own && solveLower(within, own, dimensions));
  }

  /**
   * Fits the clouds to n x d rows; null with fewer than 20 usable rows or 2 classes. Covariances are shrunk towards a
   * multiple of the identity (Ledoit and Wolf 2004), so that there may be more dimensions than rows.
   *
   * @param labels n class indices; rows of -1 or with NaN are left out
   */
  static fit(
    rows: Float32Array,
    dimensions: number,
    labels: ArrayLike<number>,
    classes: number,
  ): ClassClouds | null {
    const used: number[] = [];
    const counts = new Float64Array(classes);
    const sums = Array.from({ length: classes }, () => new Float64Array(dimensions));
    for (let i = 0; i < labels.length; i++) {
      const label = labels[i]!;
      if (label < 0 || Number.isNaN(rows[i * dimensions]!)) continue;
      used.push(i);
      counts[label]! += 1;
      for (let j = 0; j < dimensions; j++) sums[label]![j]! += rows[i * dimensions + j]!;
    }
    const present = sums.map((sum, k) => (counts[k]! > 0 ? sum.map((value) => value / counts[k]!) : null));
    if (used.length < FEWEST || present.filter(Boolean).length < 2) return null;
    const n = used.length;
    const mean = new Float64Array(dimensions);
    for (const sum of sums) for (let j = 0; j < dimensions; j++) mean[j]! += sum[j]! / n;

    const within = new Float64Array(dimensions * dimensions);
    const row = new Float64Array(dimensions);
    let fourthWithin = 0;
    let fourthTotal = 0;
    for (const i of used) {
      const own = present[labels[i]!]!;
      let fromOwn = 0;
      let fromAll = 0;
      for (let j = 0; j < dimensions; j++) {
        const value = rows[i * dimensions + j]!;
        row[j] = value - own[j]!;
        fromOwn += row[j]! ** 2;
        fromAll += (value - mean[j]!) ** 2;
      }
      fourthWithin += fromOwn ** 2;
      fourthTotal += fromAll ** 2;
      addOuter(within, row, 1 / n);
    }
    // What is spread over everything is spread within classes, or between their means.
    const total = within.slice();
    for (const [k, own] of present.entries())
      if (own)
        addOuter(
          total,
          own.map((value, j) => value - mean[j]!),
          counts[k]! / n,
        );
    return new ClassClouds(
      dimensions,
      present,
      counts,
      shrunkFactor(within, fourthWithin, n, dimensions),
      shrunkFactor(total, fourthTotal, n, dimensions),
      mean,
    );
  }

  /** Rows in the space where distances to the classes are plain ones; n x d. */
  whiten(rows: Float32Array): Float64Array {
    const d = this.#dimensions;
    const out = new Float64Array(rows.length);
    for (let start = 0; start < rows.length; start += d)
      out.set(solveLower(this.#within, rows.subarray(start, start + d), d), start);
    return out;
  }

  /** Squared Mahalanobis distances per dimension to the cloud of everything, n values. */
  toAll(rows: Float32Array): Float64Array {
    const d = this.#dimensions;
    return Float64Array.from({ length: rows.length / d }, (_, i) => {
      const centred = Float64Array.from(this.#mean, (mean, j) => rows[i * d + j]! - mean);
      return squares(solveLower(this.#total, centred, d)) / d;
    });
  }

  /**
   * Squared distances per dimension to the means of the given and the nearest other class, NaN where there is nothing to
   * measure against. `fitted(i)` says whether row i was among those that the mean
   * of its given class was fitted to: its own part in that mean is then taken out.
   */
  toClasses(
    whitened: Float64Array,
    given: ArrayLike<number>,
    fitted: (row: number) => boolean,
  ): { own: Float64Array; rival: Float64Array } {
    const d = this.#dimensions;
    const n = whitened.length / d;
    const own = new Float64Array(n).fill(Number.NaN);
    const rival = new Float64Array(n).fill(Number.NaN);
    for (let i = 0; i < n; i++) {
      if (given[i]! < 0 || Number.isNaN(whitened[i * d]!)) continue;
      for (const [k, mean] of this.#means.entries()) {
        if (!mean) continue;
        let square = 0;
        for (let j = 0; j < d; j++) square += (whitened[i * d + j]! - mean[j]!) ** 2;
        square /= d;
        if (k === given[i]) {
          const count = this.#counts[k]!;
          // Without row i the mean lies count / (count - 1) times as far from it; of a class of one nothing is left.
          own[i] = fitted(i) ? (count > 1 ? square * (count / (count - 1)) ** 2 : Number.NaN) : square;
        } else if (!(square >= rival[i]!)) rival[i] = square;
      }
    }
    return { own, rival };
  }
}

/** The Cholesky factor of a covariance (lower half given) after shrinking it (Ledoit and Wolf 2004). */
function shrunkFactor(covariance: Float64Array, fourthMoments: number, n: number, d: number): Factor {
  let trace = 0;
  let squared = 0;
  for (let a = 0; a < d; a++) {
    trace += covariance[a * d + a]!;
    for (let b = 0; b <= a; b++) squared += (a === b ? 1 : 2) * covariance[a * d + b]! ** 2;
  }
  const level = trace / d;
  const apart = squared / d - level ** 2;
  const noise = Math.min(apart, (fourthMoments / n - squared) / (n * d));
  const share = apart > 0 ? Math.max(0, noise) / apart : 1;
  const shrunk = covariance.map((value) => (1 - share) * value);
  // Identical rows have no spread at all; the floor keeps the factor finite.
  for (let a = 0; a < d; a++) shrunk[a * d + a]! += share * level + 1e-12 + 1e-9 * level;
  return cholesky(shrunk, d);
}

function squares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}
