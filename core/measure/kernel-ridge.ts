import { addOuter, cholesky, solveLower, solveUpper } from '../base/numeric/cholesky.ts';
import { quantileSorted } from '../base/numeric/percentile.ts';
import { sampleWithoutReplacement, type Random } from '../base/numeric/random.ts';

/** With fewer labelled images there is nothing to learn. */
const FEWEST = 20;
/** Landmarks at most, and as many as keep the work of n rows bounded: n m^2 multiplications, three times. */
const MOST_LANDMARKS = 1000;
const MOST_WORK = 4e9;
/** Ridge penalty for a kernel that is 1 at distance 0; keeps the fit from memorising single wrong labels. */
const PENALTY = 0.3;
const JITTER = 1e-6;
/** Landmarks whose distances set the kernel's width. */
const MEASURED = 300;
/** Rows between two pauses. */
const STEP_ROWS = 32;

/**
 * Which class an image looks like, by kernel ridge regression of the given labels on real and generated images alike.
 * Kernel exp(-|x - z|^2 / s), s the median squared distance, on unit vectors; Nystrom's approximation with up to 1,000
 * landmarks (Williams and Seeger 2001). The influence of a row's own label is removed in closed form, so a wrong label does
 * not confirm itself: out = (f - h t) / (1 - h) with the row's leverage h and target t (Hastie, Tibshirani, Friedman
 * 2009, 7.10).
 */
export class KernelRidge {
  readonly #dimensions: number;
  readonly #classes: number;
  readonly #landmarks: Float32Array;
  readonly #width: number;
  /** landmarks x classes: what the kernel values of an image are multiplied with. */
  readonly #weights: Float64Array;
  /** Rows x classes of the fitted rows, each without its own label; NaN where a row was left out. */
  readonly #outputs: Float32Array;

  private constructor(parts: {
    dimensions: number;
    classes: number;
    landmarks: Float32Array;
    width: number;
    weights: Float64Array;
    outputs: Float32Array;
  }) {
    this.#dimensions = parts.dimensions;
    this.#classes = parts.classes;
    this.#landmarks = parts.landmarks;
    this.#width = parts.width;
    this.#weights = parts.weights;
    this.#outputs = parts.outputs;
  }

  /**
   * Fits n x d unit rows; null with fewer than 20 usable rows or 2 classes. Yields to the event loop regularly.
   *
   * @param labels n class indices; rows of -1 or with NaN are left out
   */
  static async fit(
    rows: Float32Array,
    dimensions: number,
    labels: ArrayLike<number>,
    classes: number,
    random: Random,
    signal: AbortSignal,
  ): Promise<KernelRidge | null> {
    const used = Array.from({ length: labels.length }, (_, i) => i).filter(
      (i) => labels[i]! >= 0 && !Number.isNaN(rows[i * dimensions]!),
    );
    if (used.length < FEWEST || new Set(used.map((i) => labels[i]!)).size < 2) return null;
    const n = used.length;
    const m = Math.min(n, MOST_LANDMARKS, Math.floor(Math.sqrt(MOST_WORK / n)));
    const drawn = sampleWithoutReplacement(random, n, m);
    const landmarks = new Float32Array(m * dimensions);
    drawn.forEach((at, i) => {
      const start = used[at]! * dimensions;
      landmarks.set(rows.subarray(start, start + dimensions), i * dimensions);
    });
    const width = medianDistance(landmarks, dimensions);
    const pause = async (step: number): Promise<void> => {
      if (step % STEP_ROWS !== 0) return;
      signal.throwIfAborted();
      await new Promise((resolve) => setImmediate(resolve));
    };

    const among = new Float64Array(m * m);
    for (let a = 0; a < m; a++) {
      among.set(kernel(landmarks, a, landmarks, dimensions, width), a * m);
      among[a * m + a]! += JITTER;
      await pause(a);
    }
    const factor = cholesky(among, m);

    // Features whose products are the approximated kernel.
    const features = new Float32Array(n * m);
    const gram = new Float64Array(m * m);
    for (let a = 0; a < m; a++) gram[a * m + a] = PENALTY;
    const moments = new Float64Array(classes * m);
    const base = 1 / classes;
    for (const [at, row] of used.entries()) {
      const feature = solveLower(factor, kernel(rows, row, landmarks, dimensions, width), m);
      features.set(feature, at * m);
      addOuter(gram, feature, 1);
      for (let k = 0; k < classes; k++) {
        const target = (labels[row] === k ? 1 : 0) - base;
        for (let c = 0; c < m; c++) moments[k * m + c]! += target * feature[c]!;
      }
      await pause(at);
    }
    const penalised = cholesky(gram, m);
    const solved: Float64Array[] = [];
    for (let k = 0; k < classes; k++) {
      const half = solveLower(penalised, moments.subarray(k * m, (k + 1) * m), m);
      solved.push(solveUpper(penalised, half, m));
      await pause(k);
    }

    const outputs = new Float32Array(labels.length * classes).fill(Number.NaN);
    for (const [at, row] of used.entries()) {
      const feature = features.subarray(at * m, (at + 1) * m);
      let leverage = 0;
      for (const value of solveLower(penalised, feature, m)) leverage += value * value;
      for (let k = 0; k < classes; k++) {
        const target = (labels[row] === k ? 1 : 0) - base;
        outputs[row * classes + k] = (dot(feature, solved[k]!) - leverage * target) / (1 - leverage);
      }
      await pause(at);
    }
    const weights = new Float64Array(m * classes);
    for (const [k, solution] of solved.entries())
      solveUpper(factor, solution, m).forEach((value, c) => (weights[c * classes + k] = value));
    return new KernelRidge({ dimensions, classes, landmarks, width, weights, outputs });
  }

  /**
   * How far each row's given class leads the best other one, NaN without a label: below 0 another class fits better.
   * `fitted(i)` is the number of row i among the fitted rows, -1 where it was not one of them.
   */
  margins(rows: Float32Array, given: ArrayLike<number>, fitted: (row: number) => number): Float64Array {
    const [d, classes] = [this.#dimensions, this.#classes];
    return Float64Array.from({ length: rows.length / d }, (_, i) => {
      const label = given[i]!;
      if (label < 0 || Number.isNaN(rows[i * d]!)) return Number.NaN;
      const known = fitted(i);
      const out =
        known >= 0 && !Number.isNaN(this.#outputs[known * classes]!)
          ? this.#outputs.subarray(known * classes, (known + 1) * classes)
          : this.#predict(rows, i);
      let rival = -Infinity;
      for (let k = 0; k < classes; k++) if (k !== label && out[k]! > rival) rival = out[k]!;
      return out[label]! - rival;
    });
  }

  #predict(rows: Float32Array, row: number): Float64Array {
    const values = kernel(rows, row, this.#landmarks, this.#dimensions, this.#width);
    const out = new Float64Array(this.#classes);
    for (const [c, value] of values.entries())
      for (let k = 0; k < this.#classes; k++) out[k]! += value * this.#weights[c * this.#classes + k]!;
    return out;
  }
}

/** Kernel values of one row with every landmark; of unit vectors |x - z|^2 = 2 - 2 x.z. */
function kernel(
  rows: Float32Array,
  row: number,
  landmarks: Float32Array,
  d: number,
  width: number,
): Float64Array {
  const values = new Float64Array(landmarks.length / d);
  for (let l = 0; l < values.length; l++) {
    let product = 0;
    for (let p = row * d, q = l * d, end = p + d; p < end; p++, q++) product += rows[p]! * landmarks[q]!;
    values[l] = Math.exp(-Math.max(0, 2 - 2 * product) / width);
  }
  return values;
}

function medianDistance(landmarks: Float32Array, d: number): number {
  const m = Math.min(MEASURED, landmarks.length / d);
  const found: number[] = [];
  for (let a = 0; a < m; a++)
    for (let b = 0; b < a; b++) {
      let product = 0;
      for (let j = 0; j < d; j++) product += landmarks[a * d + j]! * landmarks[b * d + j]!;
      found.push(Math.max(0, 2 - 2 * product));
    }
  return quantileSorted(Float64Array.from(found).sort(), 0.5) || 1;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
