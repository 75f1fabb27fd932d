import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { Actor, ProjectPath } from './terms.ts';

/** How real and synthetic images may be mixed for training. A policy of the project, not a law. Shares are 0..1. */
export interface MixPolicy {
  /** Share of real images that an epoch has, and every batch as nearly as whole images allow. */
  target: number;
  /** Share of real images that no batch may fall below. */
  floor: number;
  /** Generations of synthetic images that may be mixed in; null for all, those of unknown generation too. */
  generations: number[] | null;
  /** Whether synthetic images that nobody looked at may be in. */
  unreviewed: boolean;
  /** Number of the event that set it; 0 of the one that every project begins with. */
  version: number;
}

/** 30 to 40 % real with a floor of 20 % is common advice without a direct source: docs/strategy/mix.md. */
export const DEFAULT_MIX_POLICY: MixPolicy = {
  target: 0.35,
  floor: 0.2,
  generations: null,
  unreviewed: false,
  version: 0,
};

/** A share this near the target is on target. */
const NEAR = 0.05;

/** The shares at which the verdict on a real share changes, ascending: an alarm below the first, on target from `low` to `high`. */
export function mixZones({ target, floor }: MixPolicy): { floor: number; low: number; high: number } {
  const exact = (share: number): number => Math.round(share * 1e9) / 1e9;
  return {
    floor,
    low: Math.max(floor, exact(target - NEAR)),
    high: Math.min(1, exact(target + NEAR)),
  };
}

export type MixVerdict = 'good' | 'low' | 'alarm';

/** What a policy says of a share of real images. */
export function judgeRealShare(share: number, policy: MixPolicy): MixVerdict {
  const { floor, low } = mixZones(policy);
  return share < floor ? 'alarm' : share < low ? 'low' : 'good';
}

const Share = z.number().min(0).max(1);

export const mixes = {
  policy: oc.input(z.object({ project: ProjectPath })).output(type<MixPolicy>()),
  /** Sets what is named, and leaves the rest as it is. */
  setPolicy: oc
    .input(
      z.object({
        project: ProjectPath,
        by: Actor,
        target: Share.optional(),
        floor: Share.optional(),
        generations: z.array(z.int().nonnegative()).min(1).nullable().optional(),
        unreviewed: z.boolean().optional(),
      }),
    )
    .output(type<MixPolicy>()),
};
