import { eventIterator, oc, type } from '@orpc/contract';
import * as z from 'zod';
import type { Progress } from '../progress.ts';
import { ProjectPath } from './terms.ts';

/** One measure of a batch beside what real images give against other real images of the same number. */
export interface Measured {
  id: string;
  title: string;
  meaning: string;
  /** Which side is worse. */
  worse: 'high' | 'low' | 'both';
  /** Median over the draws; null where it cannot be computed, with the reason. */
  value: number | null;
  why: string | null;
  /** 2.5th, 50th and 97.5th percentile of real against real. */
  band: [number, number, number] | null;
  /** Whether the value lies outside the band on its worse side. */
  outside: boolean;
}

export interface ClassReport {
  name: string | null;
  real: number;
  generated: number;
  /** Share of the class's real images with a generated one of the class nearer than their own neighbours. */
  coverage: number | null;
}

/** How a batch stands against the frozen real anchor. Everything is of samples of equal size, drawn by a recorded seed. */
export interface BatchReport {
  batch: string;
  generation: number | null;
  generator: string | null;
  images: number;
  real: number;
  /** Images in each draw, and draws. */
  sample: number;
  draws: number;
  seed: number;
  model: string;
  measures: Measured[];
  classes: ClassReport[];
  /** Generated images nearest to a real one compared with how dense it is there: look at the pairs. */
  memorised: { sha256: string; path: string; realSha256: string; realPath: string; ratio: number }[];
  /** Whether this batch's images differ from the previous one's: energy distance with a permutation test. */
  drift: { previous: string; distance: number; p: number; permutations: number } | null;
  /** Measures outside their band here and in the previous batch too: two of them make an alarm. */
  alarm: { raised: boolean; measures: string[]; text: string };
  /** What is missing, the worst first, in words. */
  advice: string[];
  notes: string[];
}

export const reports = {
  /** Measures batches against the real anchor; the newest synthetic one where none is named, and the one before it. */
  batch: oc
    .input(
      z.object({
        project: ProjectPath,
        batch: z.string().nullable().default(null),
        seed: z.int().nonnegative().default(1),
      }),
    )
    .output(eventIterator(type<Progress>(), type<BatchReport>())),
};
