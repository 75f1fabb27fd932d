import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { inject } from 'vitest';
import type { CoreClient } from '../../rpc/transport/client.ts';
import { forgetRecords } from './forget-records.ts';

interface Made<T> {
  /** Folder of the caller's own copy. */
  project: string;
  /** What making it gave. */
  result: T;
}

/**
 * A project that is made once in a run of the tests and copied for each caller, since scoring takes longer than most
 * tests. `make` gets a core and the path of the project to make. Its pictures are shared and must not be changed.
 */
export async function madeOnce<T>(
  name: string,
  path: string,
  make: (core: CoreClient, path: string) => Promise<T>,
): Promise<Made<T>> {
  const folder = join(inject('runFolder'), name);
  const original = join(folder, 'project');
  const result = await once(folder, async () => {
    // Most processes only copy, and need not load a core.
    const { openCore } = await import('./core.ts');
    const { core, close } = openCore();
    try {
      return await make(core, original);
    } finally {
      await close();
    }
  });
  const project = `${path}.assay`;
  cpSync(`${original}.assay`, project, { recursive: true });
  forgetRecords();
  return { project, result };
}

/** What `work` gives in the first process that comes; the others wait for it. */
async function once<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const [done, failed] = [join(folder, 'done'), join(folder, 'failed')];
  try {
    mkdirSync(folder);
  } catch {
    while (!existsSync(done)) {
      if (existsSync(failed)) throw new Error(readFileSync(failed, 'utf8'));
      await setTimeout(100);
    }
    return JSON.parse(readFileSync(done, 'utf8')) as T;
  }
  try {
    const result = await work();
    // Renamed, so that nobody reads half of it.
    writeFileSync(`${done}.part`, JSON.stringify(result ?? null));
    renameSync(`${done}.part`, done);
    return result;
  } catch (error) {
    writeFileSync(failed, String(error));
    throw error;
  }
}
