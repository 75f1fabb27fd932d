import { opendir, readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { sniff } from '../../../imaging/probe.ts';
import { AssayError } from '../../../rpc/errors.ts';
import { unreadable } from './untrusted.ts';

/** Includes formats that cannot be used, so that the decoder can say why for each file. */
const IMAGE_EXTENSIONS = new Set([
  '.jpg',
  '.jpeg',
  '.jfif',
  '.jpe',
  '.pjpeg',
  '.pjp',
  '.jpg_large',
  '.jpg:large',
  '.png',
  '.webp',
  '.gif',
  '.tif',
  '.tiff',
  '.bmp',
  '.svg',
  '.avif',
  '.heic',
  '.heif',
  '.hif',
  '.dcm',
  '.dicom',
]);

/** Files without an extension whose bytes are looked at to find out whether a folder holds images. */
const MOST_SNIFFED = 20;

/** Whether a file of this name is taken for an image. */
export function isImageName(name: string): boolean {
  return IMAGE_EXTENSIONS.has(extname(name).toLowerCase());
}

/** Whether a name says what the file is. DICOM files are often called by their number: `1.2.840.113619.2.55`. */
function hasExtension(path: string): boolean {
  return !/^(?:\.\d+)?$/.test(extname(path));
}

/** The name of a file without its extension. */
export function stemOf(path: string): string {
  return basename(path, extname(path));
}

/** Folders and files in which network drives and systems keep previews and deleted files. */
const PREVIEWS =
  /^(?:@eaDir|\.@__thumb|@__thumb|#recycle|@Recycle|@Recently-Snapshot|#snapshot|\$RECYCLE\.BIN|\.thumbnails|Thumbs\.db|ehthumbs(?:_vista)?\.db)$/i;

export function isPreviewName(name: string): boolean {
  return PREVIEWS.test(name);
}

/** Names that operating systems and tools leave behind; never part of a dataset. */
export function isHidden(name: string): boolean {
  return name.startsWith('.') || name === '__MACOSX' || isPreviewName(name);
}

/** Whether a folder of this name usually holds masks: pictures whose colours are classes. */
export function isMaskFolder(name: string): boolean {
  return /^(?:masks?|(?:segmentation|label|seg|gt|semantic|instance)[_-]?masks?|segmentation(?:class|object)(?:aug|raw)?|ground_?truth|gt(?:fine|coarse)?|semantic(?:_\w+)?|trimaps?|alpha|mattes?)$/i.test(
    name,
  );
}

/** Whether `root` is a folder. Throws `NOT_FOUND` if nothing is there. */
export async function isFolder(root: string): Promise<boolean> {
  try {
    return (await stat(root)).isDirectory();
  } catch (error) {
    throw new AssayError(
      'NOT_FOUND',
      `There is no readable file or folder at ${root}. Check the path and its permissions.`,
      { path: root },
      error,
    );
  }
}

/** Whether a folder of this name usually holds annotations and no images. */
export function isAnnotationFolder(name: string): boolean {
  return /^(?:annot?ations?|annos?|anns?|labels?|jsons?)$/i.test(name);
}

/**
 * The folder that entry paths are relative to, which is also the decoder's root: `root` itself, or the folder of the
 * manifest that it names. COCO keeps JSON files in `annotations` or a folder in it, beside the images, so such a file
 * stands for the folder above.
 */
export async function rootFolder(root: string): Promise<string> {
  if (await isFolder(root)) return root;
  const folder = dirname(root);
  if (extname(root).toLowerCase() !== '.json') return folder;
  const annotations = [folder, dirname(folder)].find((one) => isAnnotationFolder(basename(one)));
  return annotations === undefined ? folder : dirname(annotations);
}

interface FolderItem {
  name: string;
  /** A closed folder is not entered: it is a link, or its name is not UTF-8, so that nothing in it can be opened. */
  kind: 'folder' | 'file' | 'closed-folder';
}

/** The visible contents of a folder, sorted by code unit, so that the order does not depend on the locale. */
export async function contents(folder: string): Promise<FolderItem[]> {
  let found;
  try {
    found = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw unreadable(folder, null, 'the folder cannot be read. Check its permissions.', error);
  }
  const items: FolderItem[] = [];
  for (const item of found) {
    if (isHidden(item.name)) continue;
    const linked = item.isSymbolicLink() && (await leadsToFolder(join(folder, item.name)));
    // Bytes that are not UTF-8 arrive as this character.
    const closed = linked || (item.isDirectory() && item.name.includes('\uFFFD'));
    const kind = closed ? 'closed-folder' : item.isDirectory() ? 'folder' : 'file';
    items.push({ name: item.name, kind });
  }
  return items.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function leadsToFolder(link: string): Promise<boolean> {
  return stat(link).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/**
 * Yields the path, with `/`, of every image below a folder, depth first; memory is bounded by the largest folder. Closed
 * folders are not entered: their own path is yielded, so that the decoder records why nothing in them was read. Links may
 * lead anywhere or in circles.
 */
export async function* walkImages(folder: string, prefix = ''): AsyncGenerator<string> {
  for (const { name, kind } of await contents(join(folder, prefix))) {
    const path = prefix + name;
    if (kind === 'folder') yield* walkImages(folder, `${path}/`);
    else if (kind === 'closed-folder' || (await isImage(folder, path))) yield path;
  }
}

/** Yields the path, with `/`, of every file below a folder, depth first. Closed folders are not entered. */
export async function* walkFiles(folder: string, prefix = ''): AsyncGenerator<string> {
  for (const { name, kind } of await contents(join(folder, prefix)))
    if (kind === 'folder') yield* walkFiles(folder, `${prefix}${name}/`);
    else if (kind === 'file') yield prefix + name;
}

/** Whether a file is taken for an image: by its name or, where that has no extension, by its first bytes. */
export async function isImage(folder: string, path: string): Promise<boolean> {
  if (hasExtension(path)) return isImageName(path);
  // The index of a DICOM medium is no image of it.
  if (basename(path) === 'DICOMDIR') return false;
  const identity = await sniff(join(folder, path));
  return identity !== null && 'format' in identity;
}

/** Whether there is an image at most `depth` folders down. Stops at the first, in folders of any size. */
export async function holdsImage(folder: string, depth: number): Promise<boolean> {
  const folders: string[] = [];
  let sniffed = 0;
  const listing = await opendir(folder).catch(() => null);
  if (!listing) return false;
  for await (const item of listing) {
    if (isHidden(item.name)) continue;
    if (item.isDirectory()) folders.push(join(folder, item.name));
    else if (isImageName(item.name)) return true;
    else if (!hasExtension(item.name) && ++sniffed <= MOST_SNIFFED && (await isImage(folder, item.name)))
      return true;
  }
  if (depth === 0) return false;
  for (const below of folders.sort()) if (await holdsImage(below, depth - 1)) return true;
  return false;
}
