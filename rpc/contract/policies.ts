import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { BudgetSchema } from './queue.ts';
import {
  Actor,
  PRIORITY_STRATA,
  ProjectPath,
  SHARES,
  type PriorityStratum,
  type Share,
  Seed,
} from './terms.ts';

/** A named way to fill a queue. */
export interface PolicyInfo {
  name: string;
  /** Parts of the budget; they need not add up to 1. */
  shares: Record<Share, number>;
  /** Strata that no region of the embedding space may fill alone. */
  diverse: PriorityStratum[];
  /** Id of a selection method that replaces the ranked strata. */
  method: string | null;
  meaning: string | null;
  builtIn: boolean;
  by: string | null;
  at: string | null;
}

/** Name of the policy that fills a queue by default. */
export const DEFAULT_POLICY_NAME = 'default';

/**
 * Two thirds of the budget go where faults are likeliest, to labels that are likelier wrong than right first. Each stratum gets a little in any case, so that it can show
 * that it finds more than expected. A seventh is for the random audit, without which nothing can be said about the rest.
 * Likely wrong labels and damage are not diversified: faults of one kind lie together.
 */
export const DEFAULT_POLICY: Pick<PolicyInfo, 'shares' | 'diverse' | 'method'> = {
  shares: {
    likeliest: 0.63,
    'suspect-label': 0.03,
    uncertain: 0.01,
    novel: 0.1,
    damaged: 0.08,
    audit: 0.15,
  },
  diverse: ['uncertain', 'novel'],
  method: null,
};

/** What a policy would have found, judged by people's decisions since. Rates are 0..1. */
export interface PolicyComparison {
  name: string;
  /** Items that it would have queued, and how many of them somebody has decided. */
  items: number;
  decided: number;
  /** How many of these were relabelled or rejected. */
  found: number;
  /** Relabelled or rejected images of the project, queued by it or not. */
  known: number;
  /** found / decided; null where nothing was decided. */
  hitRate: number | null;
  /** found / items: a lower bound, whatever the undecided ones are. */
  leastHitRate: number;
  /**
   * Estimated share of all faults that it would have found: every decided image counts for 1 / its probability of being
   * queued, so that faults found only by the audit get their weight. Null without a fault.
   */
  recall: number | null;
}

const Shares = z.record(z.enum(SHARES), z.number().min(0).max(1));
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
  /** Fills a queue by each named policy (all by default) from the newest run as if nothing had been decided. */
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
