import { mkdirSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AssayError } from '../rpc/errors.ts';
import { errnoOf } from './read-file.ts';

/** The file of a content-addressed store: `<folder>/<first two hex>/<name>`. */
export function addressOf(folder: string, sha256: string, extension = ''): string {
  return path.join(folder, sha256.slice(0, 2), `${sha256}${extension}`);
}

/**
 * Whether the file is there with content; with `size`, with exactly so many bytes. A place that cannot be looked at
 * counts as empty: writing there says what is wrong with it.
 */
export function isStored(file: string, size?: number): boolean {
  try {
    const stat = statSync(file);
    return stat.isFile() && (size === undefined ? stat.size > 0 : stat.size === size);
  } catch {
    return false;
  }
}

/** Writes a file, making its folder only when it turns out to be missing: almost always it is there. */
function writeInFolder(file: string, bytes: Uint8Array): void {
  try {
    writeFileSync(file, bytes);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
}

/** Removes what a failed write left, if it can: the error that matters is the one that made it fail. */
function discard(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // Nothing was left, or the folder cannot be changed.
  }
}

/**
 * Writes a file so that it is there whole or not at all: beside its place first, then renamed. Two writers of the same
 * content-addressed file cannot hurt each other. Throws `DISK_FULL`, or `INTERNAL` naming the file and what failed.
 */
export function writeWhole(file: string, bytes: Uint8Array): void {
  const partial = `${file}.${process.pid}.partial`;
  try {
    writeInFolder(partial, bytes);
    renameSync(partial, file);
  } catch (error) {
    discard(partial);
    const code = errnoOf(error);
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new AssayError(
        'DISK_FULL',
        `no space left to write ${file}: free some and run again`,
        { file },
        error,
      );
    }
    const message = `cannot write ${file} (${code}): make its folder writable and run again`;
    throw new AssayError('INTERNAL', message, { file }, error);
  }
}
