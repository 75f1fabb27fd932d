import { constants } from 'node:fs';
import { access, open } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DecodePool } from '../../imaging/decode-pool.ts';
import { addressOf, isStored } from '../../imaging/store.ts';
import type { HomeRow } from '../../db/queries/images.ts';
import type { FileKind, LocatedFile } from '../../rpc/contract/files.ts';
import { AssayError } from '../../rpc/errors.ts';
import { foundPath } from './found-files.ts';
import { fileTimes, originalOf, originalPath, originalProblem } from './originals.ts';
import { handoutOf } from './handout-of.ts';
import type { Project } from './project.ts';
import { shownPicture } from './shown-pictures.ts';

const STARTS: [mime: string, at: number, bytes: string][] = [
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/webp', 8, 'WEBP'],
];

/** Thumbnails being remade, so that two requests for one decode it once. */
const making = new Map<string, Promise<void>>();

/**
 * Finds the file behind an opaque id. Throws `NOT_FOUND` where there is none or where its bytes are not the ones that
 * were imported, naming the file and what is wrong with it.
 */
export async function locate(
  project: Project,
  pool: DecodePool,
  kind: FileKind,
  id: string,
): Promise<LocatedFile> {
  if (kind === 'pca' || kind === 'umap') return locateMap(project, kind, id);
  if (kind === 'found') {
    const path = foundPath(project.folder, id);
    const mime = await plainMime(path);
    if (mime !== null) return { path, mime, immutable: false };
    const times = await fileTimes(path);
    const place = { root: dirname(path), path: basename(path) };
    const shown = await shownPicture(pool, place, `${path}\n${times?.bytes}\n${times?.modifiedMs}`, null);
    return { path: shown, mime: 'image/png', immutable: false };
  }
  const thumb = addressOf(project.thumbs, id, '.webp');
  // Asked for by the hundred: what is there needs no look into the database.
  if (kind === 'thumb' && isStored(thumb)) return { path: thumb, mime: 'image/webp', immutable: true };
  const image = imageOf(project, id);
  const path = originalPath(project.objects, image);
  if (kind === 'thumb') {
    await makeThumb(project, pool, image, thumb, path);
    return { path: thumb, mime: 'image/webp', immutable: true };
  }
  // A hand-out holds originals of its items alone, or none: of the others it shows what it has.
  if (image.copied === 0 && handoutOf(project.store))
    return { path: thumb, mime: 'image/webp', immutable: true };
  await checkOriginal(image, path);
  const mime = await plainMime(path);
  if (mime !== null) return { path, mime, immutable: true };
  const shown = await shownPicture(pool, originalOf(project.objects, image), image.sha256, image.sha256);
  return { path: shown, mime: 'image/png', immutable: true };
}

async function locateMap(project: Project, kind: 'pca' | 'umap', id: string): Promise<LocatedFile> {
  const path = join(project.folder, 'maps', `${kind}.bin`);
  const isThere = await access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
  if (id !== '-' || !isThere)
    throw new AssayError('NOT_FOUND', `The map ${kind} has not been computed yet: compute it first.`);
  return { path, mime: 'application/octet-stream', immutable: false };
}

function imageOf(project: Project, sha256: string): HomeRow {
  const [image] = project.store.images.startingWith(sha256);
  if (image) return image;
  throw new AssayError('NOT_FOUND', `The project has no image ${sha256}.`, { sha256 });
}

/** Whether an original is still what was imported. Its bytes are read again only where size or time say otherwise. */
async function checkOriginal(image: HomeRow, path: string): Promise<void> {
  const now = await fileTimes(path);
  const isSame = now?.bytes === image.bytes && (image.copied === 1 || now.modifiedMs === image.modifiedMs);
  const problem = isSame ? null : await originalProblem(path, image.sha256);
  if (problem === null) return;
  throw new AssayError('NOT_FOUND', `${problem}. Put the file back, or import it anew.`, {
    sha256: image.sha256,
    path,
  });
}

async function makeThumb(
  project: Project,
  pool: DecodePool,
  image: HomeRow,
  thumb: string,
  path: string,
): Promise<void> {
  const running = making.get(thumb);
  if (running) return running;
  const work = (async () => {
    await checkOriginal(image, path);
    const outcome = await pool.decode({
      ...originalOf(project.objects, image),
      thumbs: project.thumbs,
      objects: null,
      geometry: null,
    });
    if (outcome.ok && outcome.sha256 === image.sha256) return;
    const why = outcome.ok ? `${path} changed on disk` : outcome.detail;
    throw new AssayError('NOT_FOUND', `The thumbnail is gone and cannot be made again: ${why}.`, {
      sha256: image.sha256,
      path,
    });
  })();
  making.set(thumb, work);
  try {
    await work;
  } finally {
    making.delete(thumb);
  }
}

/**
 * The type of a file that every window shows as it was judged, by its first bytes; null for those of other kinds, and for
 * a WebP or PNG that moves: its first frame was judged.
 */
async function plainMime(path: string): Promise<string | null> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const head = buffer.toString('latin1', 0, bytesRead);
    const mime = STARTS.find(([, at, bytes]) => head.startsWith(bytes, at))?.[0] ?? null;
    return mime !== null && moves(head, mime) ? null : mime;
  } finally {
    await file.close();
  }
}

/** Before the pixels: the flags of an extended WebP, and the chunk of a PNG that announces frames. */
const HEAD_BYTES = 4096;
const ANIMATION_FLAG = 0x02;

function moves(head: string, mime: string): boolean {
  if (mime === 'image/webp')
    return head.startsWith('VP8X', 12) && (head.charCodeAt(20) & ANIMATION_FLAG) !== 0;
  if (mime !== 'image/png') return false;
  const frames = head.indexOf('acTL');
  const pixels = head.indexOf('IDAT');
  return frames >= 0 && (pixels < 0 || frames < pixels);
}
