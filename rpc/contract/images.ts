import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import type { Alteration } from './alteration.ts';
import type { FieldId, FieldValues } from './fields.ts';
import type { Reason } from './reasons.ts';
import {
  DECISIONS,
  ImageHash,
  PAIR_CERTAINTIES,
  ProjectPath,
  RoleSchema,
  RULES,
  STRATA,
  type CopyAnswer,
  type Decision,
  type PairCertainty,
  type Purpose,
  type Role,
  type Rule,
  type Verdict,
} from './terms.ts';

/**
 * A filter on images: every given part must hold, and an empty list restricts nothing. Plain JSON, so that it can be a
 * link.
 */
export const ImageFilterSchema = z.strictObject({
  batches: z.array(z.string()).optional(),
  roles: z.array(RoleSchema).optional(),
  /** Given labels; null stands for images without one. */
  labels: z.array(z.string().nullable()).optional(),
  predicted: z.array(z.string()).optional(),
  /** Inclusive bounds by score id; an open end is null. An image without the value does not match. */
  scores: z.record(z.string(), z.tuple([z.number().nullable(), z.number().nullable()])).optional(),
  /** Found by rule in the newest run. */
  flags: z.array(z.enum(RULES)).optional(),
  /** How surely they show the same as another image, by those findings. */
  certainties: z.array(z.enum(PAIR_CERTAINTIES)).optional(),
  /** Reasons of the newest queue, by stratum. */
  strata: z.array(z.enum(STRATA)).optional(),
  /** The verdict that holds for the image; `none` is undecided. */
  decisions: z.array(z.enum(DECISIONS)).optional(),
  /** Decided by any of these people. */
  reviewers: z.array(z.string()).optional(),
  /** Has any of these tags. */
  tags: z.array(z.string()).optional(),
  /** Blank-separated words that the prompt must all contain, also within words; case-insensitive. */
  prompt: z.string().optional(),
  /** Duplicates of this image, including itself. */
  groupOf: ImageHash.optional(),
  /** A lasso on the map: a polygon in the layout's own coordinates. */
  lasso: z
    .strictObject({
      layout: z.enum(['pca', 'umap']),
      polygon: z
        .array(z.tuple([z.number(), z.number()]))
        .min(3)
        .max(2000),
    })
    .optional(),
});
export type ImageFilter = z.infer<typeof ImageFilterSchema>;

export const ImageSortSchema = z.strictObject({
  /**
   * A score's id, `added` (the order of import) or `random` (by hash, the same every time). Images without the score's
   * value come last both ways.
   */
  by: z.string().default('added'),
  order: z.enum(['ascending', 'descending']).default('ascending'),
});
export type ImageSort = z.infer<typeof ImageSortSchema>;

/** One cell of the grid. */
export interface ImageRow {
  /** Number within the project, also carried by the map's points. */
  id: number;
  sha256: string;
  path: string;
  batch: string;
  role: Role;
  width: number;
  height: number;
  givenLabel: string | null;
  /** The value that the view is sorted by, or null. */
  value: number | null;
  verdict: 'accept' | 'relabel' | 'reject' | null;
  /** The label that holds: the decided one, else the given one. */
  label: string | null;
  flags: Rule[];
  stratum: string | null;
  /** By name. */
  tags: string[];
}

/** A filtered and sorted list, kept by the core while in use. */
export interface ImageView {
  view: string;
  total: number;
  /** Images in the project, whatever the filter. */
  of: number;
  durationMs: number;
}

/**
 * Counts of a filter's choices, each under all the other parts of the filter: what choosing it alone in its list would
 * find. Lists have every choice that the project has images of, most images first.
 */
export interface ImageFacets {
  batches: { name: string; role: Role; images: number }[];
  roles: Record<Role, number>;
  labels: { name: string | null; images: number }[];
  predicted: { name: string; images: number }[];
  flags: Record<Rule, number>;
  certainties: Record<PairCertainty, number>;
  strata: Record<string, number>;
  decisions: Record<Decision, number>;
  reviewers: { name: string; images: number }[];
  tags: { name: string; images: number }[];
  /** Ids of the scores that the newest run has values of. */
  scores: string[];
}

/** Counts over equal bins between the score's smallest and largest value. */
export interface ScoreHistogram {
  score: string;
  min: number;
  max: number;
  /** Counts over the whole project. */
  whole: number[];
  /** Counts of images that pass the filter, ignoring this score's own bounds so that they can be widened again. */
  real: number[];
  synthetic: number[];
  missing: number;
}

/** A score of every image, for colouring: see `images.scoreCodes`. */
export interface ScoreCodes {
  /** One byte by image number, base64: 0 without a value, else 1 to 255 in equal steps from `low` to `high`. */
  codes: string;
  /** The 1st and the 99th percentile; values beyond them count as them. */
  low: number;
  high: number;
}

interface NeighbourImage {
  sha256: string;
  path: string;
  label: string | null;
  role: Role;
  /** Cosine, -1..1. */
  similarity: number;
}

/** Everything about one image: the right rail. */
export interface ImageDetail {
  id: number;
  sha256: string;
  bytes: number;
  format: string;
  width: number;
  height: number;
  /** Every file with these bytes; the first is the image's home. */
  files: { batch: string; role: Role; path: string; label: string | null; split: string | null }[];
  givenLabel: string | null;
  label: string | null;
  predicted: { label: string; probability: number } | null;
  scores: Record<string, number>;
  flags: {
    rule: Rule;
    certainty: PairCertainty;
    /** What a person said of the pair: "not a copy" overrules the rule. */
    answer: CopyAnswer | null;
    /** Whether this image is the copy, or the other one is a copy of it. */
    isCopy: boolean;
    sha256: string;
    path: string;
    batch: string;
    similarity: number;
    /** What was done to the original, where that is more than storage and light explain. */
    alteration: Alteration | null;
  }[];
  /** By name. */
  tags: string[];
  queued: { queue: number; rank: number; stratum: string; reasons: Reason[] } | null;
  /** How it was generated: its fields, and the origin marks in its bytes. */
  metadata: FieldValues<FieldId> & {
    /** The program whose conventions were recognised. */
    tool: string | null;
    digitalSourceType: string | null;
    hasC2pa: boolean;
    /** The text as found in the file. */
    raw: string | null;
  };
  /**
   * Nearest embeddings among the labelled real images and among all, compared with `among` images. These are all images
   * up to 128 MiB of embeddings (131,072 images of 256 numbers); beyond, the real ones and an even sample of the rest.
   * `among` is 0 if the image has no embedding, or while those of a large project are loading: ask again.
   */
  neighbours: { real: NeighbourImage[]; any: NeighbourImage[]; among: number };
  history: HistoryEntry[];
  /** Version of the decision that stands, as a signature names it; null where none does. */
  decisionVersion: string | null;
}

/** One ledger entry about an image. */
export interface HistoryEntry {
  seq: number;
  at: string;
  by: string;
  verdict: Verdict;
  label: string | null;
  reason: string | null;
  comment: string | null;
  /** Asks a specialist, with the comment as the question. */
  flagged: boolean;
  /** How many items were on the screen at once; null for one alone. */
  grid: number | null;
  purpose: Purpose;
  /** Taken back since. */
  undone: boolean;
}

/** How odd each part of a picture is, of a grid laid over the whole of it. */
export interface ArtefactMap {
  columns: number;
  /** In rows; 1 is the oddest part of the median real image, and 4 stands for more too. */
  cells: number[];
}

const Query = z.object({
  project: ProjectPath,
  filter: ImageFilterSchema.default({}),
  sort: ImageSortSchema.default({ by: 'added', order: 'ascending' }),
});

export const images = {
  /** Filters and sorts; the rows are paged with the view's name. */
  query: oc.input(Query).output(type<ImageView>()),
  /** Rows of a view in its order. Throws `NOT_FOUND` if the view was dropped: call `query` again. */
  rows: oc
    .input(
      z.object({
        project: ProjectPath,
        view: z.string(),
        offset: z.int().nonnegative(),
        limit: z.int().positive().max(1000),
      }),
    )
    .output(type<ImageRow[]>()),
  /** Position of an image in a view, by number or hash; -1 if absent. */
  indexOf: oc
    .input(z.object({ project: ProjectPath, view: z.string(), image: z.union([z.int(), ImageHash]) }))
    .output(type<number>()),
  /** Which images a view holds: bit `id & 7` (1 is the lowest) of byte `id >> 3` for the image number `id`, base64. */
  mask: oc
    .input(z.object({ project: ProjectPath, view: z.string() }))
    .output(type<{ bits: string; total: number }>()),
  facets: oc.input(Query.omit({ sort: true })).output(type<ImageFacets>()),
  histogram: oc
    .input(
      Query.omit({ sort: true }).extend({ score: z.string(), bins: z.int().min(2).max(200).default(40) }),
    )
    .output(type<ScoreHistogram>()),
  /** Throws `NOT_READY` if nothing was scored yet, `INVALID_INPUT` if the newest run has no values of the score. */
  scoreCodes: oc.input(z.object({ project: ProjectPath, score: z.string() })).output(type<ScoreCodes>()),
  detail: oc.input(z.object({ project: ProjectPath, sha256: ImageHash })).output(type<ImageDetail>()),
  /** Where an image looks odd, by the newest run; null where that run has no map of it. */
  artefactMap: oc
    .input(z.object({ project: ProjectPath, sha256: ImageHash }))
    .output(type<ArtefactMap | null>()),
};
