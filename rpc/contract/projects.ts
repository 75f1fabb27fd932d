import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { Actor, ProjectPath, type Role, type Rule } from './terms.ts';

interface BatchStatus {
  name: string;
  role: Role;
  files: number;
  broken: number;
  generator: string | null;
  generation: number | null;
  parents: string[];
}

interface StratumStatus {
  stratum: string;
  items: number;
  decided: number;
  /** Relabelled or rejected. */
  changed: number;
}

/** What the audit lets one say of the images outside the ranked queue. Rates are 0..1. */
export interface Estimate {
  population: number;
  sampled: number;
  rate: number | null;
  /** One-sided 95 % bound, exact for a population of this size; skipped items count as errors. */
  rateUpper: number;
  countUpper: number;
  countInterval: [number, number];
}

export interface ProjectStatus {
  project: { name: string; folder: string; createdAt: string };
  batches: BatchStatus[];
  images: Record<Role, number>;
  classes: string[];
  /** Real images as a share of what is trained on. */
  realShare: { share: number | null; verdict: 'good' | 'low' | 'alarm' | 'unknown' };
  run: { id: number; model: string; device: string; images: number } | null;
  flagged: Record<Rule | 'broken', number>;
  queue: { id: number; items: number; decided: number; strata: StratumStatus[] } | null;
  decisions: { accept: number; relabel: number; reject: number; entries: number };
  /** Null until an audit item is decided. */
  estimate: Estimate | null;
  /** The same in a sentence. */
  estimateText: string;
  events: number;
  /** Hash of the newest event: write it down elsewhere, and `verify --head` will notice a ledger that was cut short. */
  head: string;
}

export const projects = {
  create: oc
    .input(z.object({ project: ProjectPath, by: Actor }))
    .output(type<{ folder: string; name: string }>()),
  status: oc.input(z.object({ project: ProjectPath })).output(type<ProjectStatus>()),
  /** Lets go of the project's files and its writer lock. */
  close: oc.input(z.object({ project: ProjectPath })).output(type<void>()),
};
