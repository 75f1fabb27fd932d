import * as z from 'zod';
import { ProjectPath } from './terms.ts';

export interface VerifyReport {
  ok: boolean;
  /** The first difference, in words, or null. */
  difference: string | null;
  events: number;
  head: string;
  originals: number;
  runs: number;
  /** Every original that is missing or changed. */
  originalProblems: string[];
}

export const VerifyInput = z.object({
  project: ProjectPath,
  /** Re-hash every original too. */
  originals: z.boolean().default(true),
  /** A head kept elsewhere. */
  head: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .nullable()
    .default(null),
});
