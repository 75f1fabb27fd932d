import { chmodSync, mkdirSync, statSync } from 'node:fs';

// On POSIX, what Assay makes is for its owner alone, whatever the umask: nobody else gets into such a folder, so the
// files in it need no rights of their own. On Windows a folder has the rights of the one above.

/** Rights of a folder and of a file for their owner alone. */
export const PRIVATE_FOLDER = 0o700;
export const PRIVATE_FILE = 0o600;

/** Makes a folder, or takes an empty one, for its owner alone; where it is shared, with the rights that the umask leaves. */
export function makeProjectFolder(folder: string, shared: boolean): void {
  mkdirSync(folder, { recursive: true });
  if (!shared) chmodSync(folder, PRIVATE_FOLDER);
}

/** Whether others than its owner have rights in a project's folder: what is made from it is then shared too. */
export function isShared(folder: string): boolean {
  return (statSync(folder).mode & 0o077) !== 0;
}
