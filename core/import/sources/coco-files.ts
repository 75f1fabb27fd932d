import { extname, join } from 'node:path';
import { arrayElements } from './json-elements.ts';
import { contents, isFolder } from './source-files.ts';
import { head } from './text-encoding.ts';
import { splitInFileName } from './splits.ts';
import { isRecord } from './untrusted.ts';

/** Folders that hold annotations; only below these and below splits is looked deeper than two folders. */
const ANNOTATION_FOLDER = /^(?:annot?ations?|annos?|anns?|labels?|jsons?|coco)$/i;
const DEEPEST = 3;
/** A folder with more JSON files than this has one for each image: only their first lines are looked at. */
const MANY = 64;
/** Where there are more folders than this they are classes: only those named like annotations or splits are opened. */
const MANY_FOLDERS = 200;
/** Where the first lines say nothing, so much of a file is searched for COCO's arrays. */
const SEARCHED_BYTES = 16 * 1024 * 1024;
const CHUNK_BYTES = 1 << 18;
const ARRAYS = new Set(['images', 'annotations', 'categories']);

export interface FoundFiles {
  /** COCO files, by path. */
  coco: string[];
  /** Lists of what a detector found, in COCO's terms. */
  results: string[];
}

/** The COCO files of a dataset; `root` itself if it is a file. */
export async function findCoco(root: string): Promise<FoundFiles> {
  const found: FoundFiles = { coco: [], results: [] };
  const look = async (file: string, thorough: boolean): Promise<void> => {
    const what = await whatIs(file, thorough);
    if (what !== null) found[what].push(file);
  };
  if (!(await isFolder(root))) {
    if (isJson(root)) await look(root, true);
    return found;
  }
  const search = async (folder: string, depth: number, likely: boolean): Promise<void> => {
    const items = await contents(folder);
    const jsons = items.filter(({ name, kind }) => kind === 'file' && isJson(name));
    for (const { name } of jsons) await look(join(folder, name), jsons.length <= MANY);
    const folders = items.filter(({ kind }) => kind === 'folder');
    for (const { name } of folders) {
      const below =
        (likely && folders.length <= MANY_FOLDERS) ||
        ANNOTATION_FOLDER.test(name) ||
        splitInFileName(name) !== null;
      if (folders.length > MANY_FOLDERS && !below) continue;
      if (depth < (below ? DEEPEST : 2)) await search(join(folder, name), depth + 1, below);
    }
  };
  await search(root, 0, false);
  return found;
}

function isJson(name: string): boolean {
  return extname(name).toLowerCase() === '.json';
}

/** Tells COCO, whatever its first key, and its results, by their content. `thorough`: beyond the first lines. */
async function whatIs(file: string, thorough: boolean): Promise<'coco' | 'results' | null> {
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
    for await (const elements of arrayElements(file, ARRAYS, seen)) {
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
