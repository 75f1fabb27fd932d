import type { KernelRidgeFit, Kernels } from '../../models/types.ts';
import { sampleWithoutReplacement, type Random } from '../base/numeric/random.ts';
import { pickRows } from './vectors.ts';

/** With fewer labelled images there is nothing to learn. */
const FEWEST = 20;
/** Landmarks at most, and as many as keep the work of n rows bounded: n m^2 multiplications, three times. */
const MOST_LANDMARKS = 1000;
const MOST_WORK = 4e9;
/** Ridge penalty for a kernel that is 1 at distance 0; keeps the fit from memorising single wrong labels. */
const PENALTY = 0.3;

const ROWS = 'ridge-rows';
const LANDMARKS = 'ridge-landmarks';

/**
 * Which class an image looks like, by kernel ridge regression of the given labels on real and generated images alike
 * (`Kernels.fitKernelRidge`), with up to 1,000 of them as landmarks. A wrong label does not confirm itself.
 */
export class KernelRidge {
  readonly #kernels: Kernels;
  readonly #dimensions: number;
  readonly #classes: number;
  readonly #fit: KernelRidgeFit;
  /** Place among the fitted rows of each row that was given, -1 where it was left out. */
  readonly #places: Int32Array;

  private constructor(
    kernels: Kernels,
    dimensions: number,
    classes: number,
    fit: KernelRidgeFit,
    places: Int32Array,
  ) {
    this.#kernels = kernels;
    this.#dimensions = dimensions;
    this.#classes = classes;
    this.#fit = fit;
    this.#places = places;
  }

  /**
   * Fits n x d unit rows; null with fewer than 20 usable rows or 2 classes. Landmarks stay in the kernels until `drop`.
   *
   * @param labels n class indices; rows of -1 or with NaN are left out
   */
  static async fit(
    kernels: Kernels,
    rows: Float32Array,
    dimensions: number,
    labels: ArrayLike<number>,
    classes: number,
    random: Random,
  ): Promise<KernelRidge | null> {
    const used = Array.from({ length: labels.length }, (_, i) => i).filter(
      (i) => labels[i]! >= 0 && !Number.isNaN(rows[i * dimensions]!),
    );
    if (used.length < FEWEST || new Set(used.map((i) => labels[i]!)).size < 2) return null;
    const n = used.length;
    const m = Math.min(n, MOST_LANDMARKS, Math.floor(Math.sqrt(MOST_WORK / n)));
    const drawn = Array.from(sampleWithoutReplacement(random, n, m), (at) => used[at]!);
    await kernels.putMatrix(LANDMARKS, pickRows(rows, dimensions, drawn), m, dimensions);
    await kernels.putMatrix(
      ROWS,
      (first, count) => pickRows(rows, dimensions, used.slice(first, first + count)),
      n,
      dimensions,
    );
    const fit = await kernels.fitKernelRidge({
      x: ROWS,
      landmarks: LANDMARKS,
      labels: Int32Array.from(used, (i) => labels[i]!),
      classes,
      penalty: PENALTY,
    });
    await kernels.dropMatrix(ROWS);
    const places = new Int32Array(labels.length).fill(-1);
    used.forEach((row, place) => (places[row] = place));
    return new KernelRidge(kernels, dimensions, classes, fit, places);
  }

  /**
   * What is said of n unit rows, n x classes; NaN of rows with NaN. `fitted(i)` is the number of row i among the rows
   * that were fitted, -1 where it was not one of them; what is said of those leaves out their own label.
   */
  async outputs(rows: Float32Array, fitted: (row: number) => number): Promise<Float64Array> {
    const [d, classes] = [this.#dimensions, this.#classes];
    const outputs = new Float64Array((rows.length / d) * classes).fill(Number.NaN);
    const fresh: number[] = [];
    for (let i = 0; i < rows.length / d; i++) {
      if (Number.isNaN(rows[i * d]!)) continue;
      const place = this.#places[fitted(i)] ?? -1;
      if (place < 0) fresh.push(i);
      else outputs.set(this.#fit.outputs.subarray(place * classes, (place + 1) * classes), i * classes);
    }
    if (fresh.length === 0) return outputs;
    const sums = await this.#kernels.kernelSums(pickRows(rows, d, fresh), LANDMARKS, this.#fit);
    for (const [at, i] of fresh.entries())
      outputs.set(sums.subarray(at * classes, (at + 1) * classes), i * classes);
    return outputs;
  }

  async drop(): Promise<void> {
    await this.#kernels.dropMatrix(LANDMARKS);
  }
}

/** How far each row's given class leads the best other one, NaN without a label: below 0 another class fits better. */
export function leads(outputs: Float64Array, classes: number, given: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: outputs.length / classes }, (_, i) => {
    const label = given[i]!;
    if (label < 0) return Number.NaN;
    let rival = -Infinity;
    for (let k = 0; k < classes; k++)
      if (k !== label && outputs[i * classes + k]! > rival) rival = outputs[i * classes + k]!;
    return outputs[i * classes + label]! - rival;
  });
}
