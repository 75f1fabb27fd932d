import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { BudgetSchema } from './queue.ts';
import {
  Actor,
  PRIORITY_STRATA,
  ProjectPath,
  STRATA,
  type PriorityStratum,
  type Stratum,
  Seed,
} from './terms.ts';

/** How a queue is filled, under a name. */
export interface PolicyInfo {
  name: string;
  /** Parts of the budget; they need not add up to 1. */
  shares: Record<Stratum, number>;
  /** Strata that no region of the embedding space may fill alone. */
  diverse: PriorityStratum[];
  /** Id of a selection method in place of the ranked strata. */
  method: string | null;
  meaning: string | null;
  builtIn: boolean;
  by: string | null;
  at: string | null;
}

/** The name of the policy that fills a queue where none is named. */
export const DEFAULT_POLICY_NAME = 'default';

/**
 * Nearly half of the budget for labels that are likely wrong, since label-aware scores find several times more errors than
 * uncertainty does; a seventh for the random audit, without which nothing can be said of the rest. Uncertainty gets the
 * least: it finds what would teach a model, hardly what is wrong. Likely wrong labels and damage are not diversified:
 * their priority is the chance of a fault, and faults of one kind lie together because they are of one kind.
 */
export const DEFAULT_POLICY: Pick<PolicyInfo, 'shares' | 'diverse' | 'method'> = {
  shares: { 'suspect-label': 0.45, uncertain: 0.03, novel: 0.25, damaged: 0.12, audit: 0.15 },
  diverse: ['uncertain', 'novel'],
  method: null,
};

/** What a policy would have found, judged by what people have decided since. Rates are 0..1. */
export interface PolicyComparison {
  name: string;
  /** Items that it would have queued, and how many of them somebody has decided. */
  items: number;
  decided: number;
  /** Of these, relabelled or rejected. */
  found: number;
  /** Relabelled or rejected images of the project, queued by it or not. */
  known: number;
  /** found / decided; null where nothing was decided. */
  hitRate: number | null;
  /** found / items: what it would have found at least, whatever the undecided ones are. */
  leastHitRate: number;
  /**
   * Estimated share of all faults that it would have brought up: every decided image counts for as many as its chance
   * of being queued stands for, so that what only the audit found has its weight. Null without a fault.
   */
  recall: number | null;
}

const Shares = z.record(z.enum(STRATA), z.number().min(0).max(1));
const Name = z.string().trim().min(1, 'give the policy a name').max(60, 'a name of at most 60 characters');

export const policies = {
  list: oc.input(z.object({ project: ProjectPath })).output(type<PolicyInfo[]>()),
  save: oc
    .input(
      z.object({
        project: ProjectPath,
        by: Actor,
        name: Name,
        shares: Shares,
        diverse: z.array(z.enum(PRIORITY_STRATA)).default(DEFAULT_POLICY.diverse),
        method: z.string().nullable().default(null),
      }),
    )
    .output(type<PolicyInfo[]>()),
  remove: oc.input(z.object({ project: ProjectPath, by: Actor, name: Name })).output(type<PolicyInfo[]>()),
  /** Fills a queue by each of the policies named, all where none is, from the newest run as if nothing had been decided. */
  compare: oc
    .input(
      z.object({
        project: ProjectPath,
        names: z.array(Name).default([]),
        budget: BudgetSchema,
        seed: Seed,
      }),
    )
    .output(type<PolicyComparison[]>()),
};
