import { AssayError } from '../../../rpc/errors.ts';
import { systemCode } from '../../import/sources/untrusted.ts';
import type { ExportItem } from './define.ts';

/** The refusal of an original whose bytes are no longer those of its hash. */
export function changed(item: ExportItem): AssayError {
  return new AssayError(
    'EXPORT_REFUSED',
    `The original ${item.originalPath} (${item.source}) has changed since it was imported. Restore it, or import it anew.`,
    { path: item.source, sha256: item.sha256 },
  );
}

export function unreadableOriginal(item: ExportItem, error: unknown): AssayError {
  return new AssayError(
    'EXPORT_REFUSED',
    `The original ${item.originalPath} (${item.source}) cannot be read (${systemCode(error)}). Restore it and export again.`,
    { path: item.source, sha256: item.sha256 },
    error,
  );
}

/** What an error of the file system means for the export; other errors stay as they are. */
export function refusal(error: unknown, path: string): unknown {
  const code = systemCode(error);
  if (error instanceof AssayError || code === undefined) return error;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const remedy = 'Free space or export to another disk; nothing was left under the target.';
    return new AssayError(
      'DISK_FULL',
      `The disk is full: ${path} could not be written. ${remedy}`,
      { path },
      error,
    );
  }
  if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR') return alreadyExists(path);
  return new AssayError(
    'EXPORT_REFUSED',
    `${path} cannot be written (${code}). Check the folder's permissions.`,
    { path },
    error,
  );
}

export function alreadyExists(path: string): AssayError {
  return new AssayError('ALREADY_EXISTS', `${path} already exists. Choose a new or empty folder.`, { path });
}
