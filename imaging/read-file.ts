import { closeSync, constants, fstatSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
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

function refusalOf(error: unknown, name: string): DecodeFailure {
  const code = errnoOf(error);
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return refuse('NOT_FOUND', `${name} does not exist`);
    case 'ELOOP':
      return refuse('UNREADABLE', `${name} is a symbolic link that leads back to itself`);
    case 'ENAMETOOLONG':
      return refuse('UNREADABLE', `${name.slice(0, 80)}… has a name longer than this file system allows`);
    case 'EACCES':
    case 'EPERM':
      return refuse('UNREADABLE', `${name} may not be read: its permissions deny it`);
    default:
      return refuse('UNREADABLE', `${name} cannot be read: ${code}`);
  }
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
  if (path.isAbsolute(name) || !isBelow(path.resolve(root), lexical)) {
    return refuse('OUTSIDE_FOLDER', `${shown} leads outside the folder that is imported`);
  }
  let fd: number | undefined;
  try {
    const real = realpathSync.native(lexical);
    if (!isBelow(realpathSync.native(root), real)) {
      return refuse('OUTSIDE_FOLDER', `${shown} is a link that leads outside the folder that is imported`);
    }
    if (!statSync(real).isFile()) return refuse('NOT_A_FILE', `${shown} is not a regular file`);
    // The path was resolved above: a link that appears in its place since then must not be followed, and a pipe that
    // does must not be waited for. Windows has neither flag.
    fd = openSync(real, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(fd);
    if (!stat.isFile()) return refuse('NOT_A_FILE', `${shown} is not a regular file`);
    if (stat.size === 0) return refuse('EMPTY', `${shown} has no content`, 0);
    if (stat.size > maxBytes) {
      return refuse(
        'TOO_MANY_BYTES',
        `${shown} has ${stat.size} bytes; at most ${maxBytes} are read`,
        stat.size,
      );
    }
    return { ok: true, bytes: readUpTo(fd, stat.size) };
  } catch (error) {
    return refusalOf(error, shown);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}
