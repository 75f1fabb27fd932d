import { addOuter, cholesky, solveLower } from '../base/numeric/cholesky.ts';

/** With fewer labelled images there is nothing to estimate a covariance from. */
const FEWEST = 20;

/** A shrunk covariance: its Cholesky factor, d x d, row-major, lower, and the weight of a row's square in it. */
interface Shape {
  factor: Float64Array;
  perRow: number;
}

/**
 * Every class as a Gaussian cloud, all of the same shape: means per class and one covariance for all (linear
 * discriminant analysis), and one cloud for all images. An image closer to the cloud of all than to that of its class is probably not of
 * its class: the relative Mahalanobis distance (Ren et al. 2021). Fitted on real and generated images under their given
 * labels: a few wrong ones move a mean little, and no image is judged by clouds that hold itself.
 */
export class ClassClouds {
  readonly #dimensions: number;
  /** Means in the space where the classes' covariance is the identity; absent classes have none. */
  readonly #means: (Float64Array | null)[];
  readonly #counts: Float64Array;
  readonly #within: Shape;
  readonly #total: Shape;
  readonly #mean: Float64Array;
  readonly #n: number;

  private constructor(
    dimensions: number,
    means: (Float64Array | null)[],
    counts: Float64Array,
    within: Shape,
    total: Shape,
    mean: Float64Array,
    n: number,
  ) {
    this.#dimensions = dimensions;
    this.#counts = counts;
    this.#within = within;
    this.#total = total;
    this.#mean = mean;
    this.#n = n;
    this.#means = means.map((own) => own && solveLower(within.factor, own, dimensions));
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
      shrunk(within, fourthWithin, n, dimensions),
      shrunk(total, fourthTotal, n, dimensions),
      mean,
      n,
    );
  }

  /** Rows in the space where distances to the classes are plain ones; n x d. */
  whiten(rows: Float32Array): Float64Array {
    const d = this.#dimensions;
    const out = new Float64Array(rows.length);
    for (let start = 0; start < rows.length; start += d)
      out.set(solveLower(this.#within.factor, rows.subarray(start, start + d), d), start);
    return out;
  }

  /**
   * Squared Mahalanobis distances per dimension to the cloud of everything, n values. `fitted(i)` says whether row i was
   * among those that it was fitted to: the cloud is then that of the others.
   */
  toAll(rows: Float32Array, fitted: (row: number) => boolean): Float64Array {
    const d = this.#dimensions;
    return Float64Array.from({ length: rows.length / d }, (_, i) => {
      const centred = Float64Array.from(this.#mean, (mean, j) => rows[i * d + j]! - mean);
      const square = squares(solveLower(this.#total.factor, centred, d));
      return (fitted(i) ? withoutItself(square, this.#n, this.#total.perRow) : square) / d;
    });
  }

  /**
   * Squared distances per dimension to the means of the given and the nearest other class, NaN where there is nothing to
   * measure against. `fittedAs(i)` is the class under which row i was among the fitted rows, -1 where it was not: means
   * and covariance are then those of the other rows, so that an image says the same of a label whether it had that
   * label when the clouds were fitted or not.
   */
  toClasses(
    whitened: Float64Array,
    given: ArrayLike<number>,
    fittedAs: (row: number) => number,
  ): { own: Float64Array; rival: Float64Array } {
    const d = this.#dimensions;
    const n = whitened.length / d;
    const own = new Float64Array(n).fill(Number.NaN);
    const rival = new Float64Array(n).fill(Number.NaN);
    for (let i = 0; i < n; i++) {
      if (given[i]! < 0 || Number.isNaN(whitened[i * d]!)) continue;
      const row = whitened.subarray(i * d, (i + 1) * d);
      const home = fittedAs(i);
      const homeMean = home < 0 ? null : this.#means[home]!;
      const count = home < 0 ? 0 : this.#counts[home]!;
      const toHome = homeMean ? distance(row, homeMean) : 0;
      const weight = count > 1 ? (this.#within.perRow * count) / (count - 1) : 0;
      for (const [k, mean] of this.#means.entries()) {
        if (!mean || (k === home && count === 1)) continue;
        let square: number;
        if (k === home) square = withoutItself(toHome, count, this.#within.perRow);
        else {
          square = distance(row, mean);
          // Sherman and Morrison: the covariance without the row's square.
          if (homeMean && weight > 0)
            square += (weight * product(row, homeMean, mean) ** 2) / left(weight * toHome);
        }
        square /= d;
        if (k === given[i]) own[i] = square;
        else if (!(square >= rival[i]!)) rival[i] = square;
      }
    }
    return { own, rival };
  }
}

/**
 * The squared distance of a row to a mean of `count` rows, itself among them, as it is to the mean of the others with
 * the covariance of the others: the mean lies count / (count - 1) times as far, and by Sherman and Morrison x' A^-1 x
 * becomes s / (1 - w s) where A loses w x x'.
 */
function withoutItself(square: number, count: number, perRow: number): number {
  const further = count / (count - 1);
  return (further ** 2 * square) / left(perRow * further * square);
}

/** A row can take at most all of the covariance in its direction; rounding may say more. */
const left = (taken: number): number => Math.max(1e-6, 1 - taken);

function distance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j]! - b[j]!) ** 2;
  return sum;
}

/** (row - a) . (row - b) */
function product(row: Float64Array, a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < row.length; j++) sum += (row[j]! - a[j]!) * (row[j]! - b[j]!);
  return sum;
}

/** A covariance of n rows (lower half given) after shrinking it (Ledoit and Wolf 2004). */
function shrunk(covariance: Float64Array, fourthMoments: number, n: number, d: number): Shape {
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
  const matrix = covariance.map((value) => (1 - share) * value);
  // Identical rows have no spread at all; the floor keeps the factor finite.
  for (let a = 0; a < d; a++) matrix[a * d + a]! += share * level + 1e-12 + 1e-9 * level;
  return { factor: cholesky(matrix, d), perRow: (1 - share) / n };
}

function squares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}
