import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY, type BenchContext } from '../context.ts';

/**
 * A folder that is made once and kept in the cache, complete or not at all, under a name that changes with the sources
 * that make it: nothing old is ever measured. `make` fills the folder that it is given, or says why it cannot.
 */
export async function madeOnce(
  { cacheFolder, workFolder }: BenchContext,
  id: string,
  sources: readonly string[],
  make: (folder: string) => Promise<{ why: string } | null>,
): Promise<{ folder: string } | { why: string }> {
  const cache = join(cacheFolder, 'judgement');
  mkdirSync(cache, { recursive: true });
  const folder = join(cache, `${id}.${hashOf(sources)}`);
  if (existsSync(folder)) return { folder };
  for (const old of readdirSync(cache))
    if (old.startsWith(`${id}.`)) rmSync(join(cache, old), { recursive: true });
  const partial = join(workFolder, id);
  const failure = await make(partial);
  if (failure) return failure;
  renameSync(partial, folder);
  return { folder };
}

function hashOf(sources: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of globSync([...sources], { cwd: REPOSITORY }).sort())
    hash.update(readFileSync(join(REPOSITORY, file)));
  return hash.digest('hex').slice(0, 12);
}
