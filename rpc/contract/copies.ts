import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import type { Alteration } from './alteration.ts';
import {
  Actor,
  CERTAINTY_WORDS,
  CERTAINTIES,
  COPY_ANSWERS,
  ImageHash,
  PAIR_CERTAINTIES,
  ProjectPath,
  RULES,
  type Certainty,
  type CopyAnswer,
  type PairCertainty,
  type Role,
  type Rule,
  type Verdict,
} from './terms.ts';

/** Pairs by how surely they show the same: not answered, and as people answered. Of the same bytes, files. */
export type CopyCounts = Record<Certainty, Record<CopyAnswer | 'open', number>>;

/** `4 same bytes, 2 same pixels, 34 neighbouring shots`: what there is, the surest first. */
export function certaintyCounts(counts: Partial<Record<Certainty, number>>): string {
  return CERTAINTIES.flatMap((certainty) => {
    const count = counts[certainty] ?? 0;
    const { title, plural } = CERTAINTY_WORDS[certainty];
    return count === 0 ? [] : [`${count} ${count === 1 ? title.toLowerCase() : plural}`];
  }).join(', ');
}

/** One image of a pair. */
interface PairImage {
  sha256: string;
  path: string;
  batch: string;
  role: Role;
  width: number;
  height: number;
  label: string | null;
}

/** An image and what it may be a copy of. */
export interface CopyPair {
  image: PairImage;
  other: PairImage;
  /** The rule in force, or the one that a person overruled. */
  rule: Rule;
  certainty: PairCertainty;
  /** 0..1; 1 for equal pixels only. */
  similarity: number;
  alteration: Alteration | null;
  /** Whether queues and releases leave the image out, because of this pair. */
  keptOut: boolean;
  answer: { answer: CopyAnswer; by: string; at: string; comment: string | null } | null;
  /** What holds for the image itself. */
  verdict: Exclude<Verdict, 'undo' | 'skip'> | null;
}

const PairFilterSchema = z.strictObject({
  certainties: z.array(z.enum(PAIR_CERTAINTIES)).optional(),
  /** By the rule in force. */
  rules: z.array(z.enum(RULES)).optional(),
  /** Which image it may be a copy of: of the hold-out, the seed, or another synthetic one. */
  of: z.array(z.enum(['holdout', 'real', 'synthetic'])).optional(),
  answers: z.array(z.enum(['open', ...COPY_ANSWERS])).optional(),
  /** Pairs of images that people accepted or relabelled, and that are left out all the same. */
  accepted: z.boolean().optional(),
  /** Which image may be the copy. */
  roles: z.array(z.enum(['holdout', 'real', 'synthetic'])).optional(),
  /** Pairs in which this image may be the copy. */
  image: ImageHash.optional(),
});
export type PairFilter = z.infer<typeof PairFilterSchema>;

const AnswerSchema = z.strictObject({
  image: ImageHash,
  /** What it may be a copy of; may be left out where the newest scores name only one image. */
  other: ImageHash.optional(),
  answer: z.enum([...COPY_ANSWERS, 'withdrawn']),
  comment: z.string().trim().min(1).max(2000).optional(),
});
export type CopyAnswerInput = z.infer<typeof AnswerSchema>;

export const copies = {
  /** Pairs of the newest scores, most serious first: leaks before copies of real images, sure ones before guesses. */
  list: oc
    .input(
      z.object({
        project: ProjectPath,
        filter: PairFilterSchema.default({}),
        offset: z.int().nonnegative().default(0),
        limit: z.int().positive().max(1000).default(200),
      }),
    )
    .output(type<{ pairs: CopyPair[]; total: number; counts: CopyCounts }>()),
  /**
   * Says whether one image of a pair is a copy of the other: on record, and stronger than the rule. `withdrawn` takes the
   * answer back. Throws `DECISION_REFUSED` for a pair that no rule found, naming the image.
   */
  answer: oc
    .input(z.object({ project: ProjectPath, by: Actor, answers: z.array(AnswerSchema).min(1).max(1000) }))
    .output(type<{ applied: number; seq: number }>()),
};
