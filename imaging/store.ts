import { mkdirSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AssayError } from '../rpc/errors.ts';
import { errnoOf } from './read-file.ts';

/** The file of a content-addressed store: `<folder>/<first two hex>/<name>`. */
export function addressOf(folder: string, sha256: string, extension = ''): string {
  return path.join(folder, sha256.slice(0, 2), `${sha256}${extension}`);
}

/**
 * Whether the file exists with content; with `size`, of exactly that many bytes. A place that cannot be read counts as
 * empty: writing there then says what is wrong.
 */
export function isStored(file: string, size?: number): boolean {
  try {
    const stat = statSync(file);
    return stat.isFile() && (size === undefined ? stat.size > 0 : stat.size === size);
  } catch {
    return false;
  }
}

/** Writes a file, making its folder only where it is missing, which is rare. */
function writeInFolder(file: string, bytes: Uint8Array): void {
  try {
    writeFileSync(file, bytes);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
}

/** Removes what a failed write left, if possible: the error that matters is the write's own. */
function discard(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // Nothing was left, or the folder cannot be changed.
  }
}

/**
 * Writes a file whole or not at all: beside its place first, then renamed. Two writers of the same content-addressed
 * file cannot harm each other. Throws `DISK_FULL`, or `INTERNAL` naming the file and what failed.
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
