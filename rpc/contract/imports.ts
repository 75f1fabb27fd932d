import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { Actor, DEVICE_NAMES, ProjectPath, RoleSchema } from './terms.ts';

export interface ImportSummary {
  batch: string;
  source: string;
  added: number;
  unchanged: number;
  /** Recorded before, other bytes now: named, left out, never silently used. */
  changed: { path: string; detail: string }[];
  broken: { path: string; code: string; detail: string }[];
  /** Added files whose very bytes the project already had. */
  duplicates: number;
  device: string;
  notes: string[];
}

/** Imports a dataset. An import that was stopped goes on where it stood; files that are known are passed over. */
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
  /** Names of classes as the source has them -> as the project has them; null leaves the images without a label. */
  classMap: z.record(z.string(), z.string().min(1).nullable()).default({}),
  copy: z.boolean().default(false),
  /** Embedder pack by id or folder; the built-in one where none is named. */
  model: z.string().nullable().default(null),
  device: z.enum(DEVICE_NAMES).default('auto'),
});

/** What an import would do, found by reading the source's list of files and no pixels. Nothing is written. */
export interface ImportPreview {
  from: string;
  /** The format that was named or detected, and what speaks for it. */
  source: { id: string; title: string; why: string };
  /** Every format that could read it, the detected one first. */
  possible: { id: string; title: string }[];
  files: number;
  /** Whether all of them were counted; long lists are read for ten seconds. */
  complete: boolean;
  /** Files by class as the source names them, and the project's class of that name, if there is one. */
  classes: { name: string; files: number; known: boolean }[];
  unlabelled: number;
  splits: { name: string; files: number }[];
  boxes: number;
  /** Of the files that the batch already has. */
  unchanged: number;
  /** A name for the batch that is free, from the folder's name. */
  batch: string;
  /** What the files say of their generator, from the first few hundred. */
  generators: { name: string; files: number }[];
  /** The project's classes, to map to. */
  projectClasses: string[];
  /** The first files, to look at. */
  examples: { path: string; label: string | null }[];
  /** What cannot be read as the format says, in words. */
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
