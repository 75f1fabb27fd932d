import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { looksAnnotated } from '../looks-annotated.ts';
import type { Reading } from './reading.ts';
import {
  contents,
  isImage,
  isImageName,
  isMaskFolder,
  isPreviewName,
  stemOf,
  walkImages,
} from './source-files.ts';
import { head } from './text-encoding.ts';
import { faultOf } from './untrusted.ts';

/** Files that describe a dataset and are not part of it, ours and others'. */
const DESCRIBES =
  /^(?:assay-manifest\.(?:json|tlog-proof|signatures\.json)|verify\.py|class-folders\.json|croissant\.json|(?:readme|licen[cs]e|copying|notice|citation)(?:\..*)?|.*\.(?:md|html?|pdf))$/i;
/** What is behind the name of an image in the names of its masks and the like beside it. */
const BESIDE = /[_-](?:masks?|seg(?:mentation)?|depth|matte|alpha|trimap|normals?)$/i;
/** Text files beside images of which the first lines are looked at. */
const MOST_READ = 200;

/**
 * Yields what `walkImages` yields, and tells `reading` of every other file: captions beside images, masks in folders of
 * masks that go with images of the same names, masks beside their images, previews of network drives, and the rest by extension.
 */
export async function* walkDataset(root: string, reading: Reading): AsyncGenerator<string> {
  const state = { read: 0, stems: await stemsBesideMasks(root) };
  yield* walk(root, '', false, state, reading);
}

interface State {
  read: number;
  /** Names of images outside mask folders, without extension; null where there is no mask folder. */
  stems: ReadonlySet<string> | null;
}

async function* walk(
  root: string,
  prefix: string,
  inMasks: boolean,
  state: State,
  reading: Reading,
): AsyncGenerator<string> {
  const folder = join(root, prefix);
  await leavePreviews(folder, reading);
  const items = await listed(folder, prefix, reading);
  const images = new Set(items.flatMap(({ name }) => (isImageName(name) ? [stemOf(name)] : [])));
  for (const { name, kind } of items) {
    const path = prefix + name;
    if (kind === 'folder') yield* walk(root, `${path}/`, inMasks || isMaskFolder(name), state, reading);
    else if (kind === 'closed-folder') yield path;
    else if (await isImage(root, path)) {
      const of = stemOf(name).replace(BESIDE, '');
      if (inMasks && state.stems?.has(maskOf(name))) reading.leave('mask-file', '', 1, join(root, path));
      else if (of !== stemOf(name) && images.has(of)) reading.leave('mask-beside', '', 1, join(root, path));
      else yield path;
    } else if (!DESCRIBES.test(name)) await leaveFile(join(root, path), images, state, reading);
  }
}

/** The contents of a folder. One below the top that cannot be read is left out like a faulty record. */
async function listed(
  folder: string,
  prefix: string,
  reading: Reading,
): Promise<Awaited<ReturnType<typeof contents>>> {
  try {
    return await contents(folder);
  } catch (error) {
    if (prefix === '') throw error;
    reading.skip(folder, null, faultOf(error).problem);
    return [];
  }
}

async function leaveFile(
  file: string,
  images: ReadonlySet<string>,
  state: State,
  reading: Reading,
): Promise<void> {
  const extension = extname(file).toLowerCase();
  const isBeside = extension === '.txt' && images.has(stemOf(file));
  const isCaption = isBeside && (++state.read > MOST_READ || !looksAnnotated('.txt', await head(file)));
  if (isCaption) reading.leave('caption', '', 1, file);
  else reading.leave('file', extension || 'without extension', 1, file);
}

/** Counts the files that a network drive keeps in a folder beside the images. */
async function leavePreviews(folder: string, reading: Reading): Promise<void> {
  const found = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const item of found) {
    if (!isPreviewName(item.name)) continue;
    const path = join(folder, item.name);
    const below = item.isDirectory()
      ? (await readdir(path, { recursive: true, withFileTypes: true }).catch(() => [])).filter((one) =>
          one.isFile(),
        )
      : [item];
    reading.leave('preview', '', below.length, path);
  }
}

/** Counts what a source that lists images by annotations never meets: pictures of other kinds, previews. Stops early if `signal` is aborted. */
export async function leaveUnreadPictures(
  root: string,
  reading: Reading,
  signal?: AbortSignal,
): Promise<void> {
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    if (signal?.aborted) return;
    await leavePreviews(folder, reading);
    for (const { name, kind } of await contents(folder).catch(() => [])) {
      if (kind === 'folder') folders.push(join(folder, name));
      else if (kind === 'file' && UNREAD.test(name))
        reading.leave('file', extname(name).toLowerCase(), 1, join(folder, name));
    }
  }
}

/** Counts the images of a folder that annotations do not list; those in folders of masks as masks. */
export async function leaveUnlisted(
  root: string,
  known: { has(path: string): boolean },
  reading: Reading,
): Promise<void> {
  for await (const path of walkImages(root)) if (!known.has(path)) leaveUnlistedImage(root, path, reading);
}

/** Counts one image that annotations do not list. */
export function leaveUnlistedImage(root: string, path: string, reading: Reading): void {
  const isMask = path.split('/').slice(0, -1).some(isMaskFolder);
  reading.leave(isMask ? 'mask-file' : 'unlisted', '', 1, join(root, path));
}

/** Pictures that nobody lists and the decoder never sees. */
const UNREAD =
  /\.(?:jp2|j2k|jpx|jxl|ppm|pgm|pbm|pnm|pam|exr|hdr|tga|psd|ico|dds|qoi|fits?|cr2|cr3|nef|arw|dng|raf|orf|rw2|nii|mp4|avi|mov|mkv|webm)$/i;

/** Names of images outside mask folders, or null where there are no mask folders. */
async function stemsBesideMasks(root: string): Promise<Set<string> | null> {
  if (!(await hasMaskFolder(root))) return null;
  const stems = new Set<string>();
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop())
    for (const { name, kind } of await contents(folder).catch(() => [])) {
      if (kind === 'folder' && !isMaskFolder(name)) folders.push(join(folder, name));
      else if (kind === 'file' && isImageName(name)) stems.add(stemOf(name));
    }
  return stems;
}

async function hasMaskFolder(folder: string): Promise<boolean> {
  for (const { name, kind } of await contents(folder).catch(() => []))
    if (kind === 'folder' && (isMaskFolder(name) || (await hasMaskFolder(join(folder, name))))) return true;
  return false;
}

/** The name of the image that a mask belongs to: `a` for `a_mask.png`. */
function maskOf(name: string): string {
  return stemOf(name).replace(/[_-](?:mask|seg|gt|label|l|gtFine_\w+)$/i, '');
}
