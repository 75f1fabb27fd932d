import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import path from 'node:path';
import type { FailureCode } from './types.ts';

/** What is wrong with a path whose file cannot be read: sentences that name it, what it is, and what to do. */

interface Link {
  /** The link's own path below the root, as it is shown. */
  shown: string;
  isWhole: boolean;
  target: string;
}

/** The first part of a path that is a symbolic link; null where there is none, or none can be looked at. */
function firstLink(root: string, name: string): Link | null {
  const parts = path.normalize(name).split(path.sep);
  try {
    for (let count = 1; count <= parts.length; count++) {
      const below = parts.slice(0, count).join(path.sep);
      const at = path.join(root, below);
      if (lstatSync(at).isSymbolicLink()) {
        const target = JSON.stringify(readlinkSync(at).slice(0, 300));
        return { shown: JSON.stringify(below), isWhole: count === parts.length, target };
      }
    }
  } catch {
    // Nothing is there, or it may not be looked at.
  }
  return null;
}

/** `"a.jpg" is a link to "/x"`, or `"b/a.jpg" lies behind the link "b" to "/x"`. */
function behindLink(name: string, { shown, isWhole, target }: Link): string {
  return isWhole
    ? `${JSON.stringify(name)} is a link to ${target}`
    : `${JSON.stringify(name)} lies behind ${shown}, a link to ${target}`;
}

function kindOf(stat: Stats): string {
  if (stat.isDirectory()) return 'a folder';
  if (stat.isFIFO()) return 'a pipe';
  if (stat.isSocket()) return 'a socket';
  return stat.isFile() ? 'a file' : 'a device';
}

/** A link, or a path through one, that ends outside the folder that is imported, at what `stat` says. */
export function linkOut(root: string, name: string, stat: Stats): string {
  const link = firstLink(root, name);
  const subject = link ? behindLink(name, link) : JSON.stringify(name);
  return `${subject}, ${kindOf(stat)} outside the folder that is imported: put a copy in its place, or import a folder that holds both`;
}

/** Something below the folder that is no regular file, but what `stat` says. */
export function notAFile(root: string, name: string, stat: Stats): string {
  const link = firstLink(root, name);
  const what = kindOf(stat);
  if (!link) return `${JSON.stringify(name)} is ${what}, not a file`;
  const remedy = stat.isDirectory()
    ? ': linked folders are not entered, so name its files by their own path'
    : '';
  return `${behindLink(name, link)}, which is ${what} and not a file${remedy}`;
}

/** Why a path can be that of no file on this machine; null where it could be one. */
function foreign(name: string): string | null {
  if (/^data:/i.test(name))
    return 'is a data address that holds the picture itself; Assay reads files: save it as one';
  if (/^file:/i.test(name))
    return 'is a file address; write the path relative to the folder that is imported';
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(name))
    return 'is an address on the web; Assay reads local files: download it into the folder that is imported';
  if (/^([a-z]:[\\/]|\\\\)/i.test(name))
    return 'is an absolute path of Windows; write it relative to the folder that is imported';
  return null;
}

/** Long names, as data addresses are, by their beginning. */
function shorten(name: string): string {
  return name.length > 200 ? `${JSON.stringify(name.slice(0, 80))}…` : JSON.stringify(name);
}

/** A path that does not begin in the folder that is imported. */
export function outside(name: string): string {
  const shown = shorten(name);
  const what = foreign(name);
  if (what) return `${shown} ${what}`;
  if (path.isAbsolute(name))
    return `${shown} is an absolute path; write it relative to the folder that is imported`;
  return `${shown} leads outside the folder that is imported`;
}

/** A path below the folder at which the system opens nothing, with its reason (`ENOENT`). */
export function unopened(root: string, name: string, errno: string): { code: FailureCode; detail: string } {
  const shown = shorten(name);
  const what = foreign(name);
  if (what) return { code: 'OUTSIDE_FOLDER', detail: `${shown} ${what}` };
  const link = firstLink(root, name);
  switch (errno) {
    case 'ENOENT':
    case 'ENOTDIR':
      if (link) return { code: 'NOT_FOUND', detail: `${behindLink(name, link)}, where nothing is` };
      if (name.includes('\uFFFD'))
        return {
          code: 'UNREADABLE',
          detail: `${shown} is a name with bytes that are not UTF-8 (shown as \uFFFD), by which no file can be opened: rename the file, and save a manifest that names it as UTF-8`,
        };
      return { code: 'NOT_FOUND', detail: `${shown} does not exist` };
    case 'ELOOP':
      return { code: 'UNREADABLE', detail: `${shown} is a symbolic link that leads back to itself` };
    case 'ENAMETOOLONG':
      return { code: 'UNREADABLE', detail: `${shown} is a name longer than this file system allows` };
    case 'EACCES':
    case 'EPERM':
      return { code: 'UNREADABLE', detail: `${shown} may not be read: its permissions deny it` };
    default:
      return { code: 'UNREADABLE', detail: `${shown} cannot be read: ${errno}` };
  }
}
