import { closeSync, constants, fstatSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { linkOut, notAFile, outside, unopened } from './path-refusals.ts';
import type { DecodeFailure, FailureCode } from './types.ts';

/** The system's name for a failed file operation (`ENOENT`), or `unknown`. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}

export type FileRead = { ok: true; bytes: Buffer } | DecodeFailure;

function refuse(code: FailureCode, detail: string, bytes: number | null = null): DecodeFailure {
  return { ok: false, code, detail, sha256: null, bytes };
}

/** Whether `target` lies below `folder`; both absolute. The folder itself does not. */
function isBelow(folder: string, target: string): boolean {
  const relative = path.relative(folder, target);
  return (
    relative !== '' &&
    relative !== '..' &&
    !relative.startsWith(`..${path.sep}`) &&
    !path.isAbsolute(relative)
  );
}

/** Reads `size` bytes, or fewer where the file was cut meanwhile: a file that grows cannot fill memory. */
function readUpTo(fd: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(size);
  let filled = 0;
  while (filled < size) {
    const count = readSync(fd, bytes, filled, size - filled, filled);
    if (count === 0) break;
    filled += count;
  }
  return filled === size ? bytes : bytes.subarray(0, filled);
}

/**
 * Reads a regular file whose real location is below the real `root`, of at most `maxBytes`. Links inside the root are
 * followed, links out of it are refused; devices, sockets and pipes are never opened. Never throws.
 */
export function readContained(root: string, name: string, maxBytes: number): FileRead {
  const shown = JSON.stringify(name);
  if (name.includes('\0')) return refuse('NOT_FOUND', `${shown} is not a file name: it contains a NUL`);
  const lexical = path.resolve(root, name);
  if (path.isAbsolute(name) || !isBelow(path.resolve(root), lexical))
    return refuse('OUTSIDE_FOLDER', outside(name));
  let fd: number | undefined;
  try {
    const real = realpathSync.native(lexical);
    const realRoot = realpathSync.native(root);
    const stat = statSync(real);
    if (!isBelow(realRoot, real)) return refuse('OUTSIDE_FOLDER', linkOut(root, name, stat));
    if (!stat.isFile()) return refuse('NOT_A_FILE', notAFile(root, name, stat));
    // The path was resolved above: a link that appears in its place since then must not be followed, and a pipe that
    // does must not be waited for. Windows has neither flag.
    fd = openSync(real, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const opened = fstatSync(fd);
    if (!opened.isFile()) return refuse('NOT_A_FILE', notAFile(root, name, opened));
    if (opened.size === 0) return refuse('EMPTY', `${shown} has no content`, 0);
    if (opened.size > maxBytes) {
      return refuse(
        'TOO_MANY_BYTES',
        `${shown} has ${opened.size} bytes; at most ${maxBytes} are read`,
        opened.size,
      );
    }
    return { ok: true, bytes: readUpTo(fd, opened.size) };
  } catch (error) {
    const { code, detail } = unopened(root, name, errnoOf(error));
    return refuse(code, detail);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
