import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { Actor, ProjectPath, VERDICTS } from './terms.ts';

/** What a reviewer says of one image, bound to its hash. */
export const DecisionSchema = z.strictObject({
  /** 64 hex digits, or an unambiguous start of at least 8. */
  sha256: z.string().regex(/^[0-9a-f]{8,64}$/, 'a sha256, or at least its first 8 hex digits'),
  verdict: z.enum(VERDICTS),
  label: z.string().min(1).optional(),
  reason: z.string().min(1).optional(),
});
export type DecisionInput = z.infer<typeof DecisionSchema>;

export interface DecisionResult {
  applied: number;
  /** The event that holds them. */
  seq: number;
}

export const reviews = {
  /** Records decisions: all of them, or none and the line that is at fault. On disk when it returns. */
  decide: oc
    .input(z.object({ project: ProjectPath, by: Actor, decisions: z.array(DecisionSchema) }))
    .output(type<DecisionResult>()),
  /** Takes back the reviewer's newest decision. */
  undo: oc
    .input(z.object({ project: ProjectPath, by: Actor }))
    .output(type<DecisionResult & { sha256: string }>()),
};
