import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { HomeRow } from '../../db/queries/images.ts';
import { pipeline } from 'node:stream/promises';

/** Where an image's original bytes are: the project's own copy, else the file it was imported from. */
export function originalOf(objects: string, image: HomeRow): { root: string; path: string } {
  return image.copied
    ? { root: objects, path: `${image.sha256.slice(0, 2)}/${image.sha256}` }
    : { root: image.root, path: image.path };
}

export function originalPath(objects: string, image: HomeRow): string {
  const { root, path } = originalOf(objects, image);
  return join(root, path);
}

/** sha256 of a file, read as a stream. Rejects as the file system does. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash, signal ? { signal } : {});
  return hash.digest('hex');
}

/** What is wrong with an original, in words that name it, or null when its bytes are still the ones imported. */
export async function originalProblem(
  path: string,
  sha256: string,
  signal?: AbortSignal,
): Promise<string | null> {
  try {
    const found = await hashFile(path, signal);
    return found === sha256
      ? null
      : `${path} changed on disk: it was imported as ${sha256} and is now ${found}`;
  } catch (error) {
    signal?.throwIfAborted();
    return `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`;
  }
}

/** Size and modification time, or null where there is no such file. */
export async function fileTimes(path: string): Promise<{ bytes: number; modifiedMs: number } | null> {
  try {
    const found = await stat(path);
    return { bytes: found.size, modifiedMs: Math.trunc(found.mtimeMs) };
  } catch {
    return null;
  }
}
