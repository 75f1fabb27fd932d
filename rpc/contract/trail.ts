import { oc, type } from '@orpc/contract';
import * as z from 'zod';
import { Actor, ImageHash, ProjectPath } from './terms.ts';

const InProject = z.object({ project: ProjectPath });

/** One line of the trail. */
export interface TrailEvent {
  seq: number;
  at: string;
  zoneOffsetMinutes: number;
  actor: string;
  kind: string;
  /** What happened, in a sentence. */
  text: string;
  /** Images that it is about: how many, and the first few. */
  images: number;
  examples: string[];
  hash: string;
}

export const trail = {
  /** Events, newest first, that match: an image, an actor, a kind, a time. */
  query: oc
    .input(
      InProject.extend({
        /** Who asks: what tells gold items from others is closed to those who are reviewing. */
        by: Actor,
        image: ImageHash.optional(),
        actor: z.string().optional(),
        kinds: z.array(z.string()).optional(),
        /** UTC, ISO 8601, both included. */
        from: z.string().optional(),
        to: z.string().optional(),
        /** Words that its body holds. */
        text: z.string().max(200).optional(),
        before: z.int().positive().nullable().default(null),
        limit: z.int().min(1).max(500).default(100),
      }),
    )
    .output(type<{ events: TrailEvent[]; next: number | null }>()),
  /** Kinds and actors that occur, with how often. */
  facets: oc
    .input(InProject)
    .output(
      type<{ kinds: { kind: string; events: number }[]; actors: { actor: string; events: number }[] }>(),
    ),
  /** One event as it is recorded: the line whose sha256 is its hash, and its body. */
  event: oc
    .input(InProject.extend({ by: Actor, seq: z.int().positive() }))
    .output(type<{ line: string; body: unknown; hash: string; previousHash: string }>()),
};
