import type { ErrorCode } from '../../../rpc/errors.ts';
import type { Progress } from '../../../rpc/progress.ts';
import type { LayoutKind } from './map-files.ts';

/** The thread's input. */
export interface LayoutOrder {
  /** The project's folder. */
  folder: string;
  layout: LayoutKind;
  model: string;
  seed: number;
}

/** What the thread sends: progress, searches for the inference process, and its end. */
export type FromThread =
  | { kind: 'progress'; report: Progress }
  | { kind: 'base'; data: Float32Array; dimensions: number }
  | { kind: 'nearest'; query: Float32Array; k: number; exclude: Int32Array | null }
  | { kind: 'done'; points: number }
  | { kind: 'failed'; code: ErrorCode; message: string };

/** The answer to `nearest`. */
export interface ToThread {
  index: Int32Array;
  distance: Float32Array;
}
