import * as z from 'zod';

/** What a batch is for: trained on as an anchor, tested on and never trained on, or generated. */
export const ROLES = ['real', 'holdout', 'synthetic'] as const;
export type Role = (typeof ROLES)[number];
export const RoleSchema = z.enum(ROLES);

/** Findings that need no opinion. */
export type Rule = 'holdout-leak' | 'seed-copy' | 'exact-duplicate' | 'near-duplicate';

export const VERDICTS = ['accept', 'relabel', 'reject', 'skip', 'undo'] as const;
export type Verdict = (typeof VERDICTS)[number];

export const DEVICE_NAMES = ['auto', 'cpu', 'cuda', 'tensorrt', 'webgpu', 'dml', 'coreml'] as const;

/** The project's folder, absolute: every call names it, since one core may serve several windows. */
export const ProjectPath = z.string().min(1);

/** Who acts: a name on the record. */
export const Actor = z.string().trim().min(1, 'give the name of the person who acts');
