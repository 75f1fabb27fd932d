import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { systemCode } from '../../import/sources/untrusted.ts';

/** Folders that exports of this process are writing at the moment. */
const own = new Set<string>();

function machine(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
}

function prefixOf(target: string): string {
  return `.${basename(target)}.assay-partial-`;
}

/**
 * Makes the folder that an export is written into: `.<name>.assay-partial-<machine>-<pid>-<random>` beside the target,
 * hence on the same disk, so that one rename puts it in place.
 */
export async function makePartial(target: string): Promise<string> {
  const random = randomBytes(8).toString('hex');
  const folder = join(dirname(target), `${prefixOf(target)}${machine()}-${process.pid}-${random}`);
  await mkdir(folder);
  own.add(folder);
  return folder;
}

/** Ends the claim that `makePartial` made. */
export function releasePartial(folder: string): void {
  own.delete(folder);
}

/**
 * Deletes what interrupted exports to the same target left behind. Folders of other machines that share the disk, and
 * of processes that still live, are left alone.
 */
export async function removeStalePartials(target: string): Promise<void> {
  const prefix = prefixOf(target);
  for (const name of await readdir(dirname(target))) {
    if (!name.startsWith(prefix)) continue;
    const owner = /^([0-9a-f]{8})-(\d+)-[0-9a-f]{16}$/.exec(name.slice(prefix.length));
    const folder = join(dirname(target), name);
    if (!owner || owner[1] !== machine() || isWriting(Number(owner[2]), folder)) continue;
    await rm(folder, { recursive: true, force: true });
  }
}

function isWriting(pid: number, folder: string): boolean {
  // A restarted container gives every run the same pid: of this process's own, only the claimed folders are alive.
  if (pid === process.pid) return own.has(folder);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== 'ESRCH';
  }
}
