import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { Actor, DEVICE_NAMES, ProjectPath, RoleSchema } from './terms.ts';

export interface ImportSummary {
  batch: string;
  source: string;
  added: number;
  unchanged: number;
  /** Recorded earlier with other bytes: listed and left out, never silently used. */
  changed: { path: string; detail: string }[];
  broken: { path: string; code: string; detail: string }[];
  /** Added files whose bytes the project already had. */
  duplicates: number;
  device: string;
  notes: string[];
}

/** Imports a dataset. A stopped import continues where it was; known files are skipped. */
export const ImportInput = z.object({
  project: ProjectPath,
  by: Actor,
  /** Folder or manifest file, absolute. */
  from: z.string().min(1),
  role: RoleSchema,
  source: z.string().default('auto'),
  batch: z.string().trim().min(1).nullable().default(null),
  generator: z.string().nullable().default(null),
  generatorVersion: z.string().nullable().default(null),
  generation: z.int().nonnegative().nullable().default(null),
  parents: z.array(z.string()).default([]),
  /** Class names in the source -> in the project; null leaves the images without a label. */
  classMap: z.record(z.string(), z.string().min(1).nullable()).default({}),
  copy: z.boolean().default(false),
  /** Embedder pack by id or folder; the built-in one by default. */
  model: z.string().nullable().default(null),
  device: z.enum(DEVICE_NAMES).default('auto'),
});

/** Preview of an import, from the source's list of files without reading pixels. Nothing is written. */
export interface ImportPreview {
  from: string;
  /** The format named or detected, and the evidence for it. */
  source: { id: string; title: string; why: string };
  /** Every format that could read it, the detected one first. */
  possible: { id: string; title: string }[];
  files: number;
  /** Whether all of them were counted; long lists are read for ten seconds. */
  complete: boolean;
  /** Files by class in the source, and the project's class of that name, if any. */
  classes: { name: string; files: number; known: boolean }[];
  unlabelled: number;
  splits: { name: string; files: number }[];
  boxes: number;
  /** Number of files that the batch already has. */
  unchanged: number;
  /** An unused name for the batch, from the folder's name. */
  batch: string;
  /** The generator according to the first few hundred files. */
  generators: { name: string; files: number }[];
  /** The project's classes, to map to. */
  projectClasses: string[];
  /** The first files, as examples. */
  examples: { path: string; label: string | null }[];
  /** Errors that keep the source from being read, in words. */
  problems: string[];
}

export const imports = {
  preview: oc
    .input(
      z.object({
        project: ProjectPath,
        from: z.string().min(1),
        source: z.string().default('auto'),
        batch: z.string().nullable().default(null),
      }),
    )
    .output(type<ImportPreview>()),
};
