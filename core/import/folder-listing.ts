import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { FolderListing } from '../../rpc/contract/files.ts';
import { AssayError } from '../../rpc/errors.ts';

/** Most files that one listing names: people choose folders here, and a dataset may have a million files. */
const FILES_NAMED = 1000;
const WHY: Record<string, string> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'is not a folder',
  EACCES: 'may not be read: its permissions deny it',
  EPERM: 'may not be read: its permissions deny it',
};
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/**
 * Lists a folder of this machine without hidden names: folders first, then files, each sorted by name. The home folder
 * by default. Throws `INVALID_INPUT` for a path that is not absolute, `NOT_FOUND` and `SOURCE_UNREADABLE`.
 */
export async function listFolder(path: string | null): Promise<FolderListing> {
  const home = homedir();
  if (path !== null && (!isAbsolute(path) || path.includes('\0')))
    throw new AssayError('INVALID_INPUT', `${JSON.stringify(path)} is not an absolute path of a folder.`);
  const folder = resolve(path ?? home);
  const found = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new AssayError(
      error.code === 'ENOENT' ? 'NOT_FOUND' : 'SOURCE_UNREADABLE',
      `${folder} ${WHY[error.code ?? ''] ?? `cannot be read (${error.code})`}. Choose another folder.`,
      { path: folder },
      error,
    );
  });
  const folders: FolderListing['entries'] = [];
  const files: FolderListing['entries'] = [];
  for (const entry of found.sort((a, b) => collator.compare(a.name, b.name))) {
    if (entry.name.startsWith('.')) continue;
    const inside = join(folder, entry.name);
    const isFolder = entry.isSymbolicLink() ? await leadsToFolder(inside) : entry.isDirectory();
    if (isFolder)
      folders.push({
        name: entry.name,
        path: inside,
        kind: entry.name.endsWith('.assay') ? 'project' : 'folder',
      });
    else if (entry.isFile() && files.length < FILES_NAMED)
      files.push({ name: entry.name, path: inside, kind: 'file' });
  }
  const parent = dirname(folder);
  return { path: folder, parent: parent === folder ? null : parent, home, entries: [...folders, ...files] };
}

async function leadsToFolder(link: string): Promise<boolean> {
  return stat(link).then(
    (target) => target.isDirectory(),
    () => false,
  );
}
