import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HomeRow } from '../../db/queries/images.ts';
import type { DecodePool } from '../../imaging/decode-pool.ts';
import { addressOf, isStored } from '../../imaging/store.ts';
import { hashFile, originalOf } from './originals.ts';
import type { Project } from './project.ts';

export function thumbnailPath({ thumbs }: Project, sha256: string): string {
  return addressOf(thumbs, sha256, '.webp');
}

/**
 * How a thumbnail stands: `recorded`, as the import made it; `another`; `unknown`, where an earlier version recorded
 * none; `gone`, to be made again when it is asked for.
 */
export async function thumbnailState(
  project: Project,
  { sha256, thumbSha256 }: HomeRow,
): Promise<'recorded' | 'another' | 'unknown' | 'gone'> {
  const file = thumbnailPath(project, sha256);
  if (!isStored(file)) return 'gone';
  if (thumbSha256 === null) return 'unknown';
  return (await hashFile(file)) === thumbSha256 ? 'recorded' : 'another';
}

/**
 * Whether a thumbnail is what this version makes of the original: it was deleted and made again by another encoder than
 * the import's. False where the original is not there or has changed.
 */
export async function isMadeAgain(project: Project, pool: DecodePool, image: HomeRow): Promise<boolean> {
  const scratch = await mkdtemp(join(tmpdir(), 'assay-thumbnail-'));
  try {
    const request = { ...originalOf(project.objects, image), thumbs: scratch, objects: null, geometry: null };
    const made = await pool.decode(request);
    if (!made.ok || made.sha256 !== image.sha256) return false;
    return made.thumb === (await hashFile(thumbnailPath(project, image.sha256)));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
