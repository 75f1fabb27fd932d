import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { LayoutInput } from '../../../rpc/contract/maps.ts';
import { replaceFile } from '../../base/replace-file.ts';

export type LayoutKind = z.infer<typeof LayoutInput>['layout'];

const STALE_MS = 10 * 60_000;

const MetaSchema = z.object({
  /** Fingerprint of the pack whose embeddings were laid out. */
  model: z.string(),
  points: z.int().nonnegative(),
  /** Images of the project at the time. */
  images: z.int().nonnegative(),
  /** Number of the newest file then: homes, and with them roles and labels, change only with files. */
  lastFile: z.int().nonnegative(),
  /** Number of the newest decision in the file's verdicts. */
  decision: z.int().nonnegative(),
  seed: z.int(),
  /** New each time the file is written. */
  version: z.string(),
});
/** What is kept beside a file of points. */
export type LayoutMeta = z.infer<typeof MetaSchema>;

export function mapsFolder(project: string): string {
  return join(project, 'maps');
}

export function newVersion(): string {
  return `${Date.now().toString(36)}${randomBytes(4).toString('hex')}`;
}

/** The facts about a layout; null if there is none, or if it was never finished. */
export function readMeta(folder: string, layout: LayoutKind): LayoutMeta | null {
  try {
    return MetaSchema.parse(JSON.parse(readFileSync(join(folder, `${layout}.json`), 'utf8')));
  } catch {
    return null;
  }
}

/**
 * Puts a layout in place: the points under a name of their own first and then by one rename each, so that a reader sees
 * the old file or the new one, and one that was killed leaves the old.
 */
export function writeLayout(folder: string, layout: LayoutKind, points: Uint8Array, meta: LayoutMeta): void {
  replaceFile(folder, `${layout}.bin`, points);
  replaceFile(folder, `${layout}.json`, JSON.stringify(meta));
}

/** Deletes unfinished files that killed processes left: writing takes seconds. */
export function removeStale(folder: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    const writtenMs = name.endsWith('.partial')
      ? statSync(file, { throwIfNoEntry: false })?.mtimeMs
      : undefined;
    if (writtenMs !== undefined && Date.now() - writtenMs > STALE_MS) rmSync(file, { force: true });
  }
}
