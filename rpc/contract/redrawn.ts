import * as z from 'zod';
import type { Reading } from './imports.ts';
import { Actor, ProjectPath } from './terms.ts';

/** Takes objects that were drawn anew in an annotation tool as decisions on the images that a release gave it. */
export const RedrawnInput = z.object({
  project: ProjectPath,
  by: Actor,
  /** Folder or file of the tool's export, absolute. */
  from: z.string().min(1),
  source: z.string().default('auto'),
});

/** Why objects of an image were not taken. */
export const NOT_TAKEN_WORDS = {
  'no-hash': 'its name is not that which a release gives: the sha256 of the image',
  unknown: 'the project has no image with that sha256',
  unlooked: 'nobody looked at it for objects there',
  'other-size': 'it states another size than the image has',
} as const;

/** What became of an export of an annotation tool. */
export interface RedrawnSummary extends Reading {
  /** The format that it was read as. */
  source: string;
  /** Images whose objects are others now, and those that came back as they were. */
  changed: number;
  unchanged: number;
  notTaken: { path: string; why: keyof typeof NOT_TAKEN_WORDS }[];
  /** The event with the decisions; null where nothing changed. */
  seq: number | null;
}
