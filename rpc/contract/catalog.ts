import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { Seed } from './terms.ts';

/** What an export cannot carry: of images of which any was looked at for boxes, and of others. */
export interface FormatLosses {
  withBoxes: string[];
  withoutBoxes: string[];
}

export interface FormatInfo {
  id: string;
  title: string;
  layout: string;
  /** Of an export: what it loses, and the import format that reads it back. */
  loses?: FormatLosses;
  readBy?: string | null;
}

export interface ModelInfo {
  id: string;
  version: string;
  kind: 'embedder' | 'classifier';
  /** Whether it has a text tower, and so can compare images with prompts. */
  reads: boolean;
  title: string;
  licence: string;
  folder: string;
  fingerprint: string;
}

export interface GoldenVectors {
  values: number[];
  /** Null where the pack has no text tower. */
  text: { ids: number[]; values: number[] } | null;
}

/** What came of running a model on a device. */
export interface DeviceTrial {
  /** `cpu`, `cuda`, `dml`, `coreml`, `webgpu`, `tensorrt`. */
  device: string;
  /** Whether `auto` takes it. */
  isUsed: boolean;
  /** With the model loaded and the pictures in memory; null where it does not work. */
  imagesPerSecond: number | null;
  /** Why it does not work; null where it does. */
  why: string | null;
}

export interface SampleSummary {
  folder: string;
  seed: number;
  classes: string[];
  real: number;
  holdout: number;
  synthetic: number;
  faults: Record<string, number>;
  /** All files together. */
  bytes: number;
}

export const SampleInput = z.object({
  to: z.string().min(1),
  seed: Seed,
  synthetic: z.int().positive().nullable().default(null),
  /** Streets with boxes and masks instead of single parts with a label. */
  objects: z.boolean().default(false),
});

export const catalog = {
  formats: oc.output(type<{ imports: FormatInfo[]; exports: FormatInfo[] }>()),
  models: oc.output(type<{ packs: ModelInfo[]; refused: { folder: string; why: string }[] }>()),
  /** Copies a pack into the user's models after every check. */
  addModel: oc.input(z.object({ from: z.string().min(1) })).output(type<ModelInfo>()),
  /** Runs a pack's own golden vector. */
  checkModel: oc.input(z.object({ model: z.string().min(1) })).output(type<ModelInfo>()),
  /** Runs a pack on every device that this build of ONNX Runtime knows. */
  devices: oc.input(z.object({ model: z.string().min(1).nullable() })).output(type<DeviceTrial[]>()),
  /** Computes a pack's output for its golden image and text, for the `golden` parts of pack.json. */
  goldenVector: oc.input(z.object({ model: z.string().min(1) })).output(type<GoldenVectors>()),
};
