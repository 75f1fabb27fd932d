/** What the parent asks of the inference process, and what it answers: one request at a time, in order. */
import type {
  KernelRidgeFit,
  KernelRidgeTask,
  LloydStep,
  LogisticFit,
  LogisticTask,
  MatrixRows,
  NetworkTask,
  PackInput,
  PatchGrid,
  TextTower,
  TextVectors,
} from './types.ts';

/**
 * Images a run, unless the graph fixes its own number. Always the same, padded with zeros, because kernels may sum in
 * another order for another shape: so an image's output does not depend on what it was run with. On the CPU, eight
 * images of the built-in embedder stay in the cache, where thirty-two take twice as long each.
 */
export function batchImages(provider: string): number {
  return provider === 'cpu' ? 8 : 32;
}

export interface OpenRequest {
  /** Absolute path of the graph; the child reads it once and refuses bytes that do not hash to `sha256`. */
  file: string;
  sha256: string;
  input: PackInput;
  output: string;
  /** Floats per image. */
  width: number;
  /** Null where the model says nothing of patches. */
  patches: PatchGrid | null;
  /** Execution provider. */
  provider: string;
}

/** A pack's text tower: where its files are, what they must hash to, and how it is asked. */
export interface TextRequest {
  tower: TextTower;
  graph: { file: string; sha256: string };
  tokenizer: { file: string; sha256: string };
  /** Floats per text. */
  width: number;
}

export interface HostCalls {
  open: { ask: OpenRequest; answer: null };
  /** n images, HWC bytes of the opened pack's geometry -> n x width floats, and packed patches where asked for. */
  run: {
    ask: { images: Uint8Array; n: number; withPatches: boolean };
    answer: { vectors: Float32Array; patches: Uint8Array | null };
  };
  embedTexts: { ask: TextRequest & { texts: string[] }; answer: TextVectors };
  putRows: {
    ask: { name: string; rows: number; columns: number; firstRow: number; data: Float32Array };
    answer: null;
  };
  dropMatrix: { ask: { name: string }; answer: null };
  nearest: {
    ask: { query: Float32Array; base: string; k: number; exclude: Int32Array | null };
    answer: { index: Int32Array; distance: Float32Array };
  };
  nearestToPatches: {
    ask: { packed: Uint8Array; grid: PatchGrid; weights: readonly number[]; base: string };
    answer: Float32Array;
  };
  /** Rows that can then be found approximately. */
  indexRows: { ask: { base: string; count: number }; answer: number };
  nearestApproximate: {
    ask: { query: Float32Array; base: string; k: number; beam: number; exclude: Int32Array | null };
    answer: { index: Int32Array; distance: Float32Array };
  };
  products: { ask: { left: MatrixRows; right: MatrixRows }; answer: Float32Array };
  kCenter: { ask: { base: string; count: number }; answer: Int32Array };
  lloydStep: { ask: { x: MatrixRows; centres: Float64Array }; answer: LloydStep };
  fitLogistic: { ask: LogisticTask; answer: LogisticFit };
  fitNetwork: { ask: NetworkTask; answer: LogisticFit };
  fitKernelRidge: { ask: KernelRidgeTask; answer: Omit<KernelRidgeFit, 'outputs'> };
  /** Some rows of the outputs of the fit before. */
  ridgeOutputs: { ask: { first: number; end: number }; answer: Float32Array };
  kernelSums: {
    ask: { query: Float32Array; landmarks: string; width: number; weights: Float64Array };
    answer: Float64Array;
  };
}

export type HostCall = keyof HostCalls;

/** The same as functions. */
export type HostFunctions = {
  [C in HostCall]: (ask: HostCalls[C]['ask']) => Promise<HostCalls[C]['answer']>;
};

/** What the child tells once: it is up, and these are the execution providers of its ONNX Runtime. */
export interface HostNotices {
  ready: (providers: string[]) => void;
}
