import { extname, join } from 'node:path';
import { arrayElements } from './json-elements.ts';
import { contents, isAnnotationFolder, isFolder } from './source-files.ts';
import { splitInFileName } from './splits.ts';
import { head } from './text-encoding.ts';
import { isRecord } from './untrusted.ts';

/** Below folders of annotations and of splits is looked so deep, elsewhere two folders. */
const DEEPEST = 3;
/** A folder with more JSON files than this has one for each image: only their first lines are looked at. */
const MANY = 64;
/** Where there are more folders than this they are classes: only those named like annotations or splits are opened. */
const MANY_FOLDERS = 200;
/** Where the first lines say nothing, so much of a file is searched for COCO's arrays. */
const SEARCHED_BYTES = 16 * 1024 * 1024;
const CHUNK_BYTES = 1 << 18;
const ARRAYS = new Set(['images', 'annotations', 'categories']);

/** A COCO file, or a list of what a detector found, in COCO's terms. */
interface Found {
  what: 'coco' | 'results';
  file: string;
}

/** The COCO files of a dataset, and lists of results beside them, by path; `root` itself if it is a file. */
export async function findCoco(root: string): Promise<{ coco: string[]; results: string[] }> {
  const found: { coco: string[]; results: string[] } = { coco: [], results: [] };
  for await (const { what, file } of search(root)) found[what].push(file);
  return found;
}

/** Whether there is a COCO file. Stops at the first. */
export async function hasCoco(root: string): Promise<boolean> {
  for await (const { what } of search(root)) if (what === 'coco') return true;
  return false;
}

async function* search(root: string): AsyncGenerator<Found> {
  if (await isFolder(root)) yield* searchFolder(root, 0, false);
  else if (isJson(root)) yield* told(root, true);
}

async function* searchFolder(folder: string, depth: number, likely: boolean): AsyncGenerator<Found> {
  const items = await contents(folder);
  const jsons = items.filter(({ name, kind }) => kind === 'file' && isJson(name));
  for (const { name } of jsons) yield* told(join(folder, name), jsons.length <= MANY);
  const folders = items.filter(({ kind }) => kind === 'folder');
  for (const { name } of folders) {
    const below =
      (likely && folders.length <= MANY_FOLDERS) ||
      isAnnotationFolder(name) ||
      splitInFileName(name) !== null;
    if (folders.length > MANY_FOLDERS && !below) continue;
    if (depth < (below ? DEEPEST : 2)) yield* searchFolder(join(folder, name), depth + 1, below);
  }
}

async function* told(file: string, thorough: boolean): AsyncGenerator<Found> {
  const what = await whatIs(file, thorough);
  if (what !== null) yield { what, file };
}

function isJson(name: string): boolean {
  return extname(name).toLowerCase() === '.json';
}

/** Tells COCO, whatever its first key, and its results, by their content. `thorough`: beyond the first lines. */
async function whatIs(file: string, thorough: boolean): Promise<Found['what'] | null> {
  const start = await head(file);
  if (/^\s*\[\s*\{[^{}]*"image_id"\s*:/.test(start)) return 'results';
  return /^\s*\{/.test(start) && (await isCoco(file, start, thorough)) ? 'coco' : null;
}

async function isCoco(file: string, start: string, thorough: boolean): Promise<boolean> {
  const named = /"(?:images|annotations|categories)"\s*:\s*\[/.test(start);
  if (!named && !thorough) return false;
  const seen = new Set<string>();
  try {
    let searched = 0;
    for await (const elements of arrayElements(file, ARRAYS, { seen })) {
      for (const { key, value } of elements) if (isCocoRecord(key, value)) return true;
      searched += CHUNK_BYTES;
      if (searched >= SEARCHED_BYTES) return false;
    }
    return seen.has('images') && (seen.has('annotations') || seen.has('categories'));
  } catch {
    // Broken, but it was meant as COCO: the import says what is wrong with it.
    return (
      /"images"\s*:\s*\[\s*\{/.test(start) || /"annotations"\s*:\s*\[\s*\{\s*"(?:id|image_id)"/.test(start)
    );
  }
}

function isCocoRecord(key: string, value: unknown): boolean {
  if (!isRecord(value)) return false;
  if (key === 'images') return 'file_name' in value || 'coco_url' in value;
  const says = ['category_id', 'bbox', 'segmentation', 'caption', 'segments_info', 'keypoints'];
  return key === 'annotations' && 'image_id' in value && says.some((name) => name in value);
}
