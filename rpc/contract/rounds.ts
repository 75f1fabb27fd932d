import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { percent } from '../format.ts';
import { Actor, ProjectPath } from './terms.ts';

/** What a model of the project was trained on, once. */
export interface RoundInfo {
  id: number;
  name: string;
  at: string;
  by: string;
  /** sha256 of the mix's manifest, and where the mix was written. */
  mix: { sha256: string; folder: string };
  model: { name: string; sha256: string | null } | null;
  /** Different real images in the mix, and those imported since the mix of the round before was made. */
  realImages: number;
  newRealImages: number;
  /** Real images as a share of the epoch. */
  realShare: number;
  /** What was measured on the hold-out, by name; empty without. */
  holdout: { measure: string; value: number }[];
  /** What is wrong with it beside the round before, in sentences. */
  alarms: string[];
}

/** Rounds, and how old what they stand on is. */
export interface Rounds {
  /** In the order in which they were added. */
  rounds: RoundInfo[];
  /** When real images were imported last; null without any. */
  newestRealAt: string | null;
}

/** What is called out in the newest of some rounds in order. */
export function roundAlarms(
  rounds: readonly Pick<RoundInfo, 'name' | 'newRealImages' | 'realShare'>[],
): string[] {
  const [round, before] = [rounds.at(-1), rounds.at(-2)];
  if (!round || !before) return [];
  // The first round has new ones: all of them.
  const fed = rounds.findLastIndex(({ newRealImages }, i) => newRealImages > 0 || i === 0);
  const age = rounds.length - 1 - fed;
  return [
    ...(age > 0 ? [`It has no real image that is new since ${before.name}.`] : []),
    ...(age > 1 ? [`Its newest real images came with ${rounds[fed]!.name}, ${age} rounds ago.`] : []),
    ...(round.realShare < before.realShare
      ? [
          `Its real share of ${percent(round.realShare)} fell from the ${percent(before.realShare)} of ${before.name}.`,
        ]
      : []),
  ];
}

const Hash = z.string().regex(/^[0-9a-f]{64}$/, 'a sha256 of 64 hex digits');

export const rounds = {
  list: oc.input(z.object({ project: ProjectPath })).output(type<Rounds>()),
  /** Puts a training on record, and returns its round. */
  add: oc
    .input(
      z.object({
        project: ProjectPath,
        by: Actor,
        name: z.string().trim().min(1, 'give the round a name').max(100),
        /** Folder of the mix, absolute, or the beginning of its manifest's sha256. */
        mix: z.string().min(1),
        model: z
          .object({
            name: z.string().trim().min(1),
            sha256: Hash.nullable().default(null),
            /** File of the model to be hashed instead, absolute. */
            file: z.string().min(1).nullable().default(null),
          })
          .nullable()
          .default(null),
        holdout: z.array(z.object({ measure: z.string().trim().min(1), value: z.number() })).default([]),
      }),
    )
    .output(type<RoundInfo>()),
};
