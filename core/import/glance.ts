import { opendir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { isHidden, isImageName, stemOf } from './sources/source-files.ts';
import { head } from './sources/text-encoding.ts';

/** Bounds of the look, so that it takes no longer in a folder of a million files. */
const MOST_IN_FOLDER = 5000;
const MOST_FOLDERS = 400;
const FOLDERS_OPENED = 60;
const DEEPEST = 4;

/** A file that was seen, by its path below the folder that was looked at. */
export interface Seen {
  path: string;
  /** Its folder; '' for the top. */
  folder: string;
  /** Name without extension. */
  stem: string;
  /** In lower case, with the dot; '' without one. */
  extension: string;
}

/** What a bounded look at a folder saw. */
export interface Glance {
  root: string;
  /** Files that are no images. */
  files: Seen[];
  images: Seen[];
  /** Whether there is more than was looked at. */
  more: boolean;
}

/** A look that is taken at the first call, and then only returned. */
export type GlanceOnce = () => Promise<Glance>;

export function glanceOnce(root: string): GlanceOnce {
  let glance: Promise<Glance> | null = null;
  return () => (glance ??= glanceAt(root));
}

/** How many files of one folder, and of all, are opened to tell what files of a kind are. */
interface Few {
  inFolder: number;
  inAll: number;
}

/** Whether the beginning of one of the first files of an extension is `wanted`. */
export async function someBegins(
  { root, files }: Glance,
  extension: string,
  few: Few,
  wanted: (text: string) => boolean,
): Promise<boolean> {
  const opened = new Map<string, number>();
  let all = 0;
  for (const file of files) {
    const count = opened.get(file.folder) ?? 0;
    if (file.extension !== extension || count === few.inFolder) continue;
    opened.set(file.folder, count + 1);
    if (wanted(await head(join(root, file.path)))) return true;
    if (++all === few.inAll) return false;
  }
  return false;
}

/** Looks at the names of files in a folder and those below, up to a limit of each. Opens no file. */
export async function glanceAt(root: string): Promise<Glance> {
  const seen: Glance = { root, files: [], images: [], more: false };
  let level = [''];
  let opened = 0;
  for (let depth = 0; depth <= DEEPEST && level.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      if (++opened > MOST_FOLDERS) {
        seen.more = true;
        break;
      }
      const below = await glanceInto(seen, folder);
      if (below.length > FOLDERS_OPENED) seen.more = true;
      next.push(...below.slice(0, FOLDERS_OPENED));
    }
    level = next;
  }
  for (const list of [seen.files, seen.images]) list.sort((a, b) => (a.path < b.path ? -1 : 1));
  return seen;
}

/** Adds the files of one folder, and returns the folders in it. */
async function glanceInto(seen: Glance, folder: string): Promise<string[]> {
  const folders: string[] = [];
  let count = 0;
  const listing = await opendir(join(seen.root, folder)).catch(() => null);
  if (!listing) return folders;
  for await (const item of listing) {
    if (isHidden(item.name)) continue;
    if (++count > MOST_IN_FOLDER) {
      seen.more = true;
      break;
    }
    const path = folder === '' ? item.name : `${folder}/${item.name}`;
    if (item.isDirectory()) folders.push(path);
    else if (item.isFile()) {
      const extension = extname(item.name).toLowerCase();
      const file = { path, folder, stem: stemOf(path), extension };
      (isImageName(item.name) ? seen.images : seen.files).push(file);
    }
  }
  return folders.sort();
}
