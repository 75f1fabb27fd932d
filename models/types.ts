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

/** The text tower of an embedder: texts of at most `contextLength` tokens into the space of its images. */
export interface TextTower {
  /** Which of `files` is its graph, and which its tokenizer (tokenizer.json of Hugging Face). */
  model: string;
  tokenizer: string;
  contextLength: number;
  /** Token that pads shorter texts, after their end. */
  padId: number;
  /** Name of the input that takes the ids, n x contextLength. */
  ids: string;
  /** Name of the input that takes 1 for a token and 0 for padding; a graph need not have one. */
  mask?: string | undefined;
  output: string;
  /** This text must give these ids (without padding) and this vector. */
  golden: { text: string; ids: number[]; values: number[]; tolerance: number };
}

/**
 * Further outputs of the graph that say what is where on the picture, n x dimensions x height x width each. They are
 * averaged down to one grid of patches.
 */
export interface PatchGrid {
  rows: number;
  columns: number;
  outputs: { name: string; dimensions: number }[];
}

export interface EmbedderManifest extends PackBase {
  kind: 'embedder';
  dimensions: number;
  patches?: PatchGrid | undefined;
  text?: TextTower | undefined;
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
  /**
   * sha256 over the canonical pack.json without `patches`: identifies model, files and preprocessing at once. What is
   * read besides the vector does not change it.
   */
  fingerprint: string;
}

/** Devices to ask for; `auto` tries the GPU providers of this build and falls back to `cpu`. */
export type Device = (typeof DEVICE_NAMES)[number];

/** What a text tower says of n texts. */
export interface TextVectors {
  /** Ids of each text's tokens, neither cut nor padded; the tower saw the first `contextLength` of them. */
  tokens: number[][];
  /** n x dimensions, row-major, as the graph gives them. */
  vectors: Float32Array;
}

export interface Neighbours {
  /** n x k row numbers into the base, nearest first; -1 where there are fewer than k. */
  index: Int32Array;
  /** n x k distances, ascending; Infinity where there are fewer than k. */
  distance: Float32Array;
  k: number;
}

/** Targets of some rows that are not one class, but a share of each. */
export interface SoftTargets {
  /** Ascending. */
  rows: Int32Array;
  /** As many x classes; each row sums to 1. */
  shares: Float64Array;
}

/** What `Kernels.fitLogistic` takes. */
export interface LogisticTask {
  x: string;
  labels: Int32Array;
  /** In place of the labels of its rows. */
  soft?: SoftTargets;
  sampleWeights: Float64Array;
  classes: number;
  lambda: number;
  start?: Float64Array;
  tolerance?: number;
  maxIterations?: number;
}

/** What `Kernels.fitNetwork` takes. */
export interface NetworkTask extends LogisticTask {
  /** Units of the hidden layer. */
  hidden: number;
  /** Where it starts: weights (dimensions x hidden), bias, weights (hidden x classes), bias; not zeros, which are a saddle. */
  start: Float64Array;
}

export interface LogisticFit {
  /**
   * Of the logistic regression (dimensions + 1) x classes, row-major; the last row is the bias, which is not penalised.
   * Of a network as its start.
   */
  weights: Float64Array;
  iterations: number;
  /** Whether the gradient's largest entry fell under the tolerance. */
  converged: boolean;
}

/** What `Kernels.fitKernelRidge` takes. */
export interface KernelRidgeTask {
  /** Rows of length 1. */
  x: string;
  /** The rows that stand for all, as a matrix of their own. */
  landmarks: string;
  /** One per row of `x`, 0 to classes - 1. */
  labels: Int32Array;
  classes: number;
  penalty: number;
}

export interface KernelRidgeFit {
  /** Squared distance at which the kernel has fallen to 1 / e. */
  width: number;
  /** landmarks x classes: what the kernel values of a row are multiplied with. */
  weights: Float64Array;
  /** rows x classes: what is said of each row without its own label. */
  outputs: Float32Array;
}

/** Row-major, or the `count` rows from `firstRow` on. */
export type MatrixData = Float32Array | ((firstRow: number, count: number) => Float32Array);

/** Some rows of a matrix in the inference process, in the order given; all of them where none are named. */
export interface MatrixRows {
  matrix: string;
  rows?: Int32Array;
}

export interface LloydStep {
  /** Nearest centre of every row, the first of equally near ones. */
  cluster: Int32Array;
  /** k x d: sums of the rows of every cluster. */
  sums: Float64Array;
  sizes: Int32Array;
}

/**
 * The numeric kernels of the inference process. Matrices are put there once under a name and used by many calls.
 * Every call rejects with `INFERENCE_FAILED` when the process dies, and with `CANCELLED` when `signal` aborts.
 */
export interface Kernels {
  /**
   * Copies a matrix to the process, in place of one of the same name: its data, or a function that gives the rows from
   * `firstRow` on, so that the whole is never in memory here. INVALID_INPUT where it is not finite.
   */
  putMatrix(name: string, data: MatrixData, rows: number, columns: number): Promise<void>;
  dropMatrix(name: string): Promise<void>;
  /**
   * The k exact nearest rows of `base` for each of n query rows (n x columns, row-major). Squared terms in float32 on
   * onnxruntime; the distances returned are euclidean, recomputed for the winners in float64. Ties by row number.
   * `exclude[i]` is a row of `base` that query i must not find (itself), or -1.
   */
  nearest(query: Float32Array, base: string, k: number, exclude?: Int32Array): Promise<Neighbours>;
  /**
   * As `nearest`, of the patches of some images, packed one after the other (models/patches.ts), with each layer times
   * its `weights` entry: the distance of each patch to the nearest row of `base`, images x patches.
   */
  nearestToPatches(
    packed: Uint8Array,
    grid: PatchGrid,
    weights: readonly number[],
    base: string,
  ): Promise<Float32Array>;
  /**
   * Makes the next `count` rows of `base` findable by `nearestApproximate`, from its first row on; resolves with how
   * many rows are. Call it until that is all rows. UNSUPPORTED_RUNTIME where there is no build for this system.
   */
  indexRows(base: string, count: number): Promise<number>;
  /**
   * As `nearest`, but of the rows that a graph search over the indexed rows of `base` proposes, `beam` of them a query:
   * distances are exact, a row may be missed. NOT_READY where nothing is indexed.
   */
  nearestApproximate(
    query: Float32Array,
    base: string,
    k: number,
    beam: number,
    exclude?: Int32Array,
  ): Promise<Neighbours>;
  /** Dot products of rows with rows, m x n, row-major, in float32. */
  products(left: MatrixRows, right: MatrixRows): Promise<Float32Array>;
  /** One step of Lloyd's k-means from the centres (k x d): rows by float32, sums in float64. */
  lloydStep(x: MatrixRows, centres: Float64Array): Promise<LloydStep>;
  /**
   * Rows of `base` that cover it, at most `count`: the first one, then always the row that is farthest from those
   * chosen, the first of equally far ones; it stops where no row is apart from them. Float32 sums.
   */
  kCenter(base: string, count: number): Promise<Int32Array>;
  /**
   * Multinomial logistic regression by L-BFGS: minimises sum_i w_i * -ln softmax(x_i W + b)[y_i] / sum_i w_i
   * + lambda/2 * |W|^2. `sampleWeights` of 0 leave a row out, so folds and bootstraps share one matrix.
   */
  fitLogistic(task: LogisticTask): Promise<LogisticFit>;
  /**
   * A classifier with one hidden layer of tanh units, by L-BFGS from `start`: minimises the same with the logits
   * tanh(x_i W1 + b1) W2 + b2, and the penalty on W1 and W2.
   */
  fitNetwork(task: NetworkTask): Promise<LogisticFit>;
  /**
   * Ridge regression of labels, as 1 - 1 / classes for the own class and -1 / classes for the others, on the kernel
   * exp(-|x - z|^2 / width) with the landmarks, by Nystrom's approximation (Williams and Seeger 2001), in float64. Width
   * is the median squared distance of the first 300 landmarks. The influence of a row's own label is removed in closed
   * form: out = (f - h t) / (1 - h) with the row's leverage h and target t (Hastie, Tibshirani, Friedman 2009, 7.10).
   */
  fitKernelRidge(task: KernelRidgeTask): Promise<KernelRidgeFit>;
  /** What the kernel's values of n query rows of length 1 with the landmarks add up to under weights, n x classes. */
  kernelSums(
    query: Float32Array,
    landmarks: string,
    fit: Pick<KernelRidgeFit, 'width' | 'weights'>,
  ): Promise<Float64Array>;
}
