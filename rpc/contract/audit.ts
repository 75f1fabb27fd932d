import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import type { Estimate } from './projects.ts';
import { ProjectPath } from './terms.ts';

/** A part of the images that rank did not choose, with its audit results. Rates are 0..1. */
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

/** The audit by parts: how many errors remain, and where. */
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
  /** Faults found, undecided ones among them, and with those that the audits' rate says are left; null before an answer. */
  faults: { total: number; standardError: number; rate: number | null; found: number } | null;
  /** Lower bound on the share of all faults that ranked queues found; null until the newest is decided. */
  queueRecallLower: number | null;
  /** The reviewers' results on gold items, and the bound corrected for them; null without gold items. */
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
  /** Images that nobody has reviewed: what the further audit is drawn from. */
  population: number;
  /** Audits so far that count with it. */
  audits: number;
  maxRate: number;
  confidence: number;
  /** Audit items needed, by the number of errors allowed among them. */
  sizes: { allowedErrors: number; size: number }[];
}

export const audit = {
  /** The full estimate for unreviewed images. */
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
