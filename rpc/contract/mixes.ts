import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { capitalised, integer } from '../format.ts';
import { Actor, ProjectPath, Seed } from './terms.ts';

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

/** Shares come from decimal text: binary fractions must not put one below itself. */
const EPSILON = 1e-9;

/** Real images that a floor asks of a training batch. */
export const realNeeded = (floor: number, batchSize: number): number =>
  Math.ceil(floor * batchSize - EPSILON);

/** Whether a mix keeps a floor, which may be another one than it was made under. */
export const keepsFloor = (
  { images, real, batchSize, leastReal }: Pick<MixInfo, 'images' | 'real' | 'batchSize' | 'leastReal'>,
  floor: number,
): boolean => leastReal >= realNeeded(floor, batchSize) && real / images >= floor - EPSILON;

export type MixVerdict = 'good' | 'low' | 'alarm';

/** What a policy says of a share of real images. */
export function judgeRealShare(share: number, policy: MixPolicy): MixVerdict {
  const { floor, low } = mixZones(policy);
  return share < floor ? 'alarm' : share < low ? 'low' : 'good';
}

const Share = z.number().min(0).max(1);

/** Why images are not in a mix, as it stands before a count. */
const MIX_LEFT_OUT_WORDS = {
  'other-role': 'of the hold-out',
  'holdout-leak': 'copies of hold-out images',
  'holdout-kin': 'possible copies of hold-out images, to be answered in Copies',
  'seed-copy': 'copies of real images',
  'exact-duplicate': 'exact duplicates',
  'near-duplicate': 'near-duplicates that a person called copies',
  rejected: 'rejected',
  'other-split': 'of a validation, test or unknown split',
  'other-generation': 'synthetic, of generations that the policy keeps out',
  unseen: 'synthetic, and nobody looked at them: decided in bulk, or not at all',
  'not-drawn': 'not drawn, since shares and weights take no more',
} as const;
export type MixLeftOut = keyof typeof MIX_LEFT_OUT_WORDS;

export const MIX_LEFT_OUT = Object.keys(MIX_LEFT_OUT_WORDS) as MixLeftOut[];

/** What is not in a mix, in lines: `Rejected: 12`. */
export const mixLeftLines = (leftOut: Partial<Record<MixLeftOut, number>>): string[] =>
  MIX_LEFT_OUT.flatMap((why) =>
    leftOut[why] === undefined ? [] : [`${capitalised(MIX_LEFT_OUT_WORDS[why])}: ${integer(leftOut[why])}`],
  );

/** How the images of a mix are laid down, besides its manifest. */
export const MIX_FORM_WORDS = {
  shards: 'WebDataset shards, in the order of the epoch',
  images: 'each image once, as a file',
  huggingface: 'a Hugging Face folder with real and synthetic images apart',
  sources: 'WebDataset shards of each source apart, for samplers that mix themselves',
} as const;
export type MixForm = keyof typeof MIX_FORM_WORDS;
export const MIX_FORMS = Object.keys(MIX_FORM_WORDS) as [MixForm, ...MixForm[]];

/** Name on record of the format of a release that is a training mix. */
export const MIX_FORMAT = 'training-mix';

/** How often images of a role, or of a class in it, may be drawn in an epoch, on average. */
const Weight = z.object({
  role: z.enum(['real', 'synthetic']),
  /** Every class without it. */
  label: z.string().optional(),
  weight: z.number().nonnegative(),
});
export type MixWeight = z.output<typeof Weight>;

/** `real=2` or `synthetic/gear=0.5`; null where it is anything else. */
export function weightOf(text: string): MixWeight | null {
  const found = /^\s*(real|synthetic)(?:\/(.+?))?\s*=\s*(\d+(?:\.\d+)?)\s*$/.exec(text);
  if (!found) return null;
  const [, role, label, weight] = found;
  return { role: role as MixWeight['role'], ...(label && { label }), weight: Number(weight) };
}

/** A weight as it is typed. */
export const weightText = ({ role, label, weight }: MixWeight): string =>
  `${role}${label === undefined ? '' : `/${label}`}=${weight}`;

const SHARD_BYTES = 500_000_000;
export const SHARD_MB = SHARD_BYTES / 1e6;

export const MixInput = z.object({
  project: ProjectPath,
  by: Actor,
  /** Folder to create, absolute. */
  to: z.string().min(1),
  /** Share of real images; the policy's target if null. */
  realShare: Share.nullable().default(null),
  batchSize: z.int().nonnegative(),
  /** Images of an epoch; as many as there are at this share if null. */
  images: z.int().nonnegative().nullable().default(null),
  seed: Seed,
  /** How often images may be drawn in an epoch; once where nothing is said. */
  weights: z.array(Weight).default([]),
  as: z.array(z.enum(MIX_FORMS)).min(1).default(['shards']),
  /** Bytes of a shard, at most, unless a single image takes more. */
  shardBytes: z.int().positive().default(SHARD_BYTES),
  /** Why it is written although it is below the floor; null refuses it. */
  belowFloor: z.string().trim().min(1).nullable().default(null),
  licence: z.string().default('unspecified'),
});

export interface MixSummary {
  folder: string;
  /** Images of an epoch, and the real ones of them. */
  images: number;
  real: number;
  /** Different images, by role. */
  distinct: { real: number; synthetic: number };
  batchSize: number;
  batches: number;
  /** Fewest real images in any batch. */
  leastReal: number;
  floor: number;
  leftOut: Partial<Record<MixLeftOut, number>>;
  /** Why it is below the floor; null where it is not. */
  belowFloor: string | null;
  manifestSha256: string;
}

export const CheckBatchesInput = z.object({
  /** Files that `report_batches` wrote, absolute. */
  logs: z.array(z.string().min(1)).min(1),
  /** Where the mix lies now; where it lay in training if null. */
  mix: z.string().min(1).nullable().default(null),
});

/** What one log of batches says. Shares are 0..1. */
export interface BatchLogReport {
  log: string;
  rank: number;
  worldSize: number;
  batches: number;
  images: number;
  real: number;
  /** Of the batch with the fewest real images. */
  leastShare: number;
  /** One more than the last epoch. */
  epochs: number;
  /** Batches drawn once more, as after a resume. */
  again: number;
  /** Batches before the last one of their epoch that were not drawn. */
  missing: number;
}

export interface BatchesReport {
  ok: boolean;
  /** Each as `log, line: what is wrong`; the first hundred. */
  problems: string[];
  mix: {
    folder: string;
    manifestSha256: string;
    floor: number;
    /** Real images as a share of its epoch. */
    share: number;
    belowFloor: { reason: string; by: string } | null;
  };
  logs: BatchLogReport[];
  batches: number;
  images: number;
  real: number;
  leastShare: number;
}

/** A mix on record. */
export interface MixInfo {
  /** Number of the release that it is. */
  id: number;
  folder: string;
  manifestSha256: string;
  at: string;
  by: string;
  /** Images of an epoch, and the real ones of them. */
  images: number;
  real: number;
  floor: number;
  batchSize: number;
  /** Fewest real images in any batch. */
  leastReal: number;
  /** Why it is below the floor; null where it is not. */
  belowFloor: string | null;
}

/** What a mix would hold as things stand, before it is written. */
export interface MixPreview {
  /** Different images that may be in a mix, by role. */
  real: number;
  synthetic: number;
  leftOut: Partial<Record<MixLeftOut, number>>;
  /** Images of an epoch, the real ones of them, and the fewest in any batch; null where it cannot be, or was not asked. */
  plan: { images: number; real: number; leastReal: number } | null;
  /** Why the policy refuses it unless a reason is given, and what would help; null where it keeps the floor. */
  belowFloor: string | null;
  /** Why there can be no such mix, and what would help; null where there can be one. */
  problem: string | null;
}

export const mixes = {
  /** Newest first. */
  list: oc.input(z.object({ project: ProjectPath })).output(type<MixInfo[]>()),
  /** What may be mixed and, with a batch size, the mix that would be made of it. Throws `NOT_READY` for images without scores. */
  preview: oc
    .input(
      MixInput.pick({ project: true, realShare: true, images: true, weights: true }).extend({
        batchSize: z.int().positive().nullable().default(null),
      }),
    )
    .output(type<MixPreview>()),
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
