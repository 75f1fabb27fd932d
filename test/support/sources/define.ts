import type { LeftBehind } from '../../../rpc/contract/imports.ts';
import type { SourceEntry } from '../../../core/import/sources/define.ts';

/** What a fixture's file holds: text as it is, or one of the images that the suite makes. */
type Content = string | Uint8Array | { image: number };

export interface Fixture {
  files: Record<string, Content>;
  /** The manifest that is imported, where it is not the folder. */
  root?: string;
}

interface GoodFixture extends Fixture {
  /** In listing order; facts left out are empty. */
  entries: (Partial<SourceEntry> & { path: string })[];
  classes?: string[];
  /** What is left behind, most frequent first; `example` is compared where it is given. Nothing by default. */
  left?: (Omit<LeftBehind, 'example' | 'name'> & Partial<LeftBehind>)[];
  /** The faulty records that are left out, in order: one sentence each. None by default. */
  skips?: RegExp[];
  /** What is read otherwise than it is written: one sentence each. Nothing by default. */
  notes?: RegExp[];
}

interface BadFixture extends Fixture {
  /** What the refusal must say: the place and the problem. */
  says: RegExp;
}

interface UnclearFixture extends Fixture {
  verdict: 'ambiguous' | 'not-understood';
  /** What the verdict must say: the files in question and the way out. */
  says: RegExp;
  /** Ids of the formats to choose from, the most likely first. */
  possible: string[];
}

/** The fixtures of one source: one file in this folder, default-exporting `defineFixtures({...})`. */
export interface SourceFixtures {
  /** The source's id. */
  id: string;
  /** Set if all objects of an image are in one map, so that a fault costs all of them. */
  allOrNone?: true;
  /** Sound datasets, which the source lists. */
  good: Record<string, GoodFixture>;
  /** Broken datasets: detected, and refused with `SOURCE_UNREADABLE` by a strict reading. */
  bad?: Record<string, BadFixture>;
  /** Folders that this source might be taken for, and for which detection must ask or refuse. */
  unclear?: Record<string, UnclearFixture>;
}

export function defineFixtures(fixtures: SourceFixtures): SourceFixtures {
  return fixtures;
}

/** The image of a number, as the suite makes them. */
export const image = (n: number): { image: number } => ({ image: n });

/** Lines of text or of JSON. */
export const lines = (...all: (object | string)[]): string =>
  all.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
