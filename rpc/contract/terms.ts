import * as z from 'zod';

/** What a batch is for: trained on as an anchor, tested on and never trained on, or generated. */
export const ROLES = ['real', 'holdout', 'synthetic'] as const;
export type Role = (typeof ROLES)[number];
export const RoleSchema = z.enum(ROLES);

export const VERDICTS = ['accept', 'relabel', 'reject', 'skip', 'undo'] as const;
export type Verdict = (typeof VERDICTS)[number];

export const DEVICE_NAMES = ['auto', 'cpu', 'cuda', 'tensorrt', 'webgpu', 'dml', 'coreml'] as const;

/** What a decision was for: a review, the judgement between reviewers who disagree, or a check of the reviewer. */
export const PURPOSES = ['review', 'adjudication', 'gold'] as const;
export type Purpose = (typeof PURPOSES)[number];

export const STRATA = ['suspect-label', 'uncertain', 'novel', 'damaged', 'audit'] as const;
export type Stratum = (typeof STRATA)[number];

/** Findings that need no opinion. */
export const RULES = ['holdout-leak', 'seed-copy', 'exact-duplicate', 'near-duplicate'] as const;
export type Rule = (typeof RULES)[number];

/** 64 hex digits, or an unambiguous start of at least 8. */
export const ImageHash = z.string().regex(/^[0-9a-f]{8,64}$/, 'a sha256, or at least its first 8 hex digits');

/** The project's folder, absolute: every call names it, since one core may serve several windows. */
export const ProjectPath = z.string().min(1);

/** Who acts: a name on the record. */
export const Actor = z.string().trim().min(1, 'give the name of the person who acts');
