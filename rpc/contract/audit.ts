import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import type { Estimate } from './projects.ts';
import { ProjectPath } from './terms.ts';

/** A part of the images outside the ranked queue, and what the audit found in it. Rates are 0..1. */
interface AuditPart {
  name: string;
  population: number;
  sampled: number;
  /** Found wrong, unsure answers included. */
  wrong: number;
  rate: number | null;
  /** At most this share is wrong; the bounds of all parts hold at the same time. */
  rateUpper: number;
}

/** The audit by parts: what is left, and where it is. */
export interface AuditBreakdown {
  by: 'class' | 'batch' | 'risk';
  parts: AuditPart[];
  rate: number | null;
  standardError: number | null;
  /** Exact and valid for any parts; wider than the bound of the sample as a whole. */
  rateUpper: number;
}

export interface AuditReport {
  estimate: Estimate | null;
  text: string;
  breakdowns: AuditBreakdown[];
  /** Faults in everything that could be queued, every find weighted by 1 / its chance; null before the first answer. */
  faults: { total: number; standardError: number; rate: number | null; found: number } | null;
  /** At least this share of all faults was brought up by the ranked queue; null while it is not decided. */
  queueRecallLower: number | null;
  /** What gold items say of the reviewers, and the bound with that taken into account; null without gold items. */
  reviewers: {
    wrong: number;
    caught: number;
    right: number;
    left: number;
    rate: number | null;
    rateUpper: number;
    text: string;
  } | null;
}

export interface AuditPlan {
  population: number;
  maxRate: number;
  confidence: number;
  /** Audit items that are needed, by errors allowed among them. */
  sizes: { allowedErrors: number; size: number }[];
}

export const audit = {
  /** What may be said of the images that nobody reviewed, in full. */
  report: oc.input(z.object({ project: ProjectPath })).output(type<AuditReport>()),
  /** How many audit items would show that no more than `maxRate` of the rest is wrong. */
  plan: oc
    .input(
      z.object({
        project: ProjectPath,
        maxRate: z.number().gt(0).lt(1),
        confidence: z.number().gt(0).lt(1).default(0.95),
      }),
    )
    .output(type<AuditPlan>()),
};
