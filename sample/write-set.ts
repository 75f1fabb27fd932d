import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AssayError } from '../rpc/errors.ts';

/** Images rendered or encoded at a time: enough that the encoder's threads never wait. */
const IN_FLIGHT = 8;

/** A sample set while it is written. */
export interface SetWriter {
  folder: string;
  /** Writes a file that is not there yet; the path is below the folder. */
  finish: (path: string, content: Buffer | string) => Promise<void>;
  /** Of all files that were written. */
  bytes: () => number;
}

/**
 * Makes the folder of a sample set, refused if it is not empty, and lets `work` write into it. On a failure or a cancel
 * the entries that are `named` are removed.
 *
 * Throws `INVALID_INPUT` for an impossible seed or a folder that cannot be written, `ALREADY_EXISTS` when it is not
 * empty, `DISK_FULL`, `CANCELLED`.
 */
export async function writeSet<T>(
  job: { folder: string; seed: number; signal: AbortSignal },
  named: readonly string[],
  work: (set: SetWriter) => Promise<T>,
): Promise<T> {
  const folder = resolve(job.folder);
  if (!Number.isSafeInteger(job.seed) || job.seed < 0) {
    throw new AssayError('INVALID_INPUT', `${job.seed} is no seed; use a whole number from 0`, {
      seed: job.seed,
    });
  }
  await claim(folder);
  let bytes = 0;
  try {
    return await work({
      folder,
      finish: async (path, content) => {
        await writeFile(join(folder, path), content, { flag: 'wx' });
        bytes += Buffer.byteLength(content);
      },
      bytes: () => bytes,
    });
  } catch (thrown) {
    for (const name of named) await rm(join(folder, name), { recursive: true, force: true });
    throw explain(thrown, folder, job.signal);
  }
}

/** Runs `work` over the items in order, a few at a time. Stops starting new ones after a failure or an abort. */
export async function inFlight<T>(
  items: T[],
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      if (failures.length > 0) return;
      try {
        signal.throwIfAborted();
        await work(item);
      } catch (thrown) {
        failures.push(thrown);
      }
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  if (failures.length > 0) throw failures[0];
}

async function claim(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).length === 0) return;
  } catch (thrown) {
    throw explain(thrown, folder, null);
  }
  throw new AssayError(
    'ALREADY_EXISTS',
    `${folder} is not empty; name a folder that is empty or does not exist`,
    {
      folder,
    },
  );
}

function explain(thrown: unknown, folder: string, signal: AbortSignal | null): unknown {
  if (signal?.aborted)
    return new AssayError('CANCELLED', 'rendering the sample was cancelled; nothing was kept');
  const code = (thrown as { code?: unknown } | null)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AssayError(
      'DISK_FULL',
      `the disk of ${folder} is full; free some space or name another folder`,
      { folder },
      thrown,
    );
  }
  if (code === 'EEXIST' || code === 'ENOTDIR' || code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new AssayError(
      'INVALID_INPUT',
      `nothing can be written to ${folder} (${code}); name a folder that you may write to`,
      { folder },
      thrown,
    );
  }
  return thrown;
}
