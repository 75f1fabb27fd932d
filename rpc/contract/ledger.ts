import { eventIterator, oc, type } from '@orpc/contract';
import * as z from 'zod';
import type { Progress } from '../progress.ts';
import { ProjectPath } from './terms.ts';

export interface VerifyReport {
  ok: boolean;
  /** The first thing that differs, named; null when nothing does. */
  difference: string | null;
  events: number;
  head: string;
  originals: number;
  runs: number;
  /** Every original that is gone or changed. */
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

export const ledger = {
  verify: oc.input(VerifyInput).output(eventIterator(type<Progress>(), type<VerifyReport>())),
};
