import type { DEVICE_NAMES } from '../rpc/contract/terms.ts';

/** What a model pack says of itself (`pack.json`), and what the inference process answers. */

export interface PackInput {
  /** Name of the graph's input. */
  name: string;
  width: number;
  height: number;
  layout: 'NCHW' | 'NHWC';
  fit: 'squash' | 'cover';
  kernel: 'area' | 'bilinear' | 'bicubic' | 'lanczos3';
  /** Applied to bytes 0..255 per channel: (x * scale - mean) / std. */
  scale: number;
  mean: [number, number, number];
  std: [number, number, number];
}

interface PackBase {
  id: string;
  version: string;
  title: string;
  licence: string;
  /** File name -> sha256, every file of the pack but pack.json itself. */
  files: Record<string, string>;
  /** Which of `files` is the graph. */
  model: string;
  input: PackInput;
  /** Name of the graph's output that is used. */
  output: string;
  /** A byte image (HWC RGB, sha256-seeded, see models/pack-golden.ts) run through the model must give this vector. */
  golden: { seed: number; values: number[]; tolerance: number };
}

export interface EmbedderManifest extends PackBase {
  kind: 'embedder';
  dimensions: number;
}

export interface ClassifierManifest extends PackBase {
  kind: 'classifier';
  classes: string[];
  /** Whether the output is logits (a softmax is applied) or already probabilities. */
  activation: 'logits' | 'probabilities';
}

export type PackManifest = EmbedderManifest | ClassifierManifest;

/** A pack that passed every static check: files hashed, graph parsed, shapes as declared. */
export interface ModelPack {
  /** Absolute folder. */
  folder: string;
  manifest: PackManifest;
  /** sha256 over the canonical pack.json: identifies model, files and preprocessing at once. */
  fingerprint: string;
}

/** What may be asked for; `auto` tries the GPU providers of this build and falls back to `cpu`. */
export type Device = (typeof DEVICE_NAMES)[number];

export interface Neighbours {
  /** n x k row numbers into the base, nearest first; -1 where there are fewer than k. */
  index: Int32Array;
  /** n x k distances, ascending; Infinity where there are fewer than k. */
  distance: Float32Array;
  k: number;
}

export interface LogisticFit {
  /** (dimensions + 1) x classes, row-major; the last row is the bias, which is not penalised. */
  weights: Float64Array;
  iterations: number;
  /** Whether the gradient's largest entry fell under the tolerance. */
  converged: boolean;
}

/**
 * The numeric kernels of the inference process. Matrices are put there once under a name and used by many calls.
 * Every call rejects with `INFERENCE_FAILED` when the process dies, and with `CANCELLED` when `signal` aborts.
 */
export interface Kernels {
  putMatrix(name: string, data: Float32Array, rows: number, columns: number): Promise<void>;
  dropMatrix(name: string): Promise<void>;
  /**
   * The k exact nearest rows of `base` for each of n query rows (n x columns, row-major). Squared terms in float32 on
   * onnxruntime; the distances returned are euclidean, recomputed for the winners in float64. Ties by row number.
   * `exclude[i]` is a row of `base` that query i must not find (itself), or -1.
   */
  nearest(query: Float32Array, base: string, k: number, exclude?: Int32Array): Promise<Neighbours>;
  /**
   * Multinomial logistic regression by L-BFGS: minimises sum_i w_i * -ln softmax(x_i W + b)[y_i] / sum_i w_i
   * + lambda/2 * |W|^2. `sampleWeights` of 0 leave a row out, so folds and bootstraps share one matrix.
   */
  fitLogistic(task: {
    x: string;
    labels: Int32Array;
    sampleWeights: Float64Array;
    classes: number;
    lambda: number;
    start?: Float64Array;
    tolerance?: number;
    maxIterations?: number;
  }): Promise<LogisticFit>;
}
