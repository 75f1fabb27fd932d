import { eventIterator, oc, type } from '@orpc/contract';
import * as z from 'zod';
import type { Progress } from '../progress.ts';
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

const ImportInput = z.object({
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
  copy: z.boolean().default(false),
  /** Embedder pack by id or folder; the built-in one where none is named. */
  model: z.string().nullable().default(null),
  device: z.enum(DEVICE_NAMES).default('auto'),
});

export const imports = {
  /** Imports a dataset; resumable, and again only what is new. */
  start: oc.input(ImportInput).output(eventIterator(type<Progress>(), type<ImportSummary>())),
};
