import { stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { cleanName } from '../../base/class-name.ts';
import type { Reading } from './reading.ts';
import { textLines } from './text-lines.ts';
import { contents, isFolder, walkImages } from './source-files.ts';
import { head } from './text-encoding.ts';
import { unreadable } from './untrusted.ts';
import { labelFile, located, type YoloData } from './yolo-data.ts';

/** Images that are looked at for a label file before the folder is taken for something else. */
const PROBED = 50;
const CLASS_LISTS = /^(?:classes\.txt|predefined_classes\.txt|_darknet\.labels|.*\.names)$/i;
/** A class and the numbers of a box or a polygon. */
const LINE = /^\s*\d+(?:\.0*)?(?:\s+-?\d*\.?\d+(?:e[-+]?\d+)?){4,}\s*$/i;

/** Lists of classes, one a line: at the top, among the labels, or in the folders of splits. */
async function classLists(root: string): Promise<string[]> {
  const found: string[] = [];
  const search = async (folder: string, depth: number): Promise<void> => {
    for (const { name, kind } of await contents(folder)) {
      const path = join(folder, name);
      if (kind === 'file' && CLASS_LISTS.test(name)) found.push(path);
      if (kind === 'folder' && depth > 0) await search(path, depth - 1);
    }
  };
  await search(root, 2);
  return found;
}

async function hasLabels(root: string): Promise<boolean> {
  let probed = 0;
  for await (const image of walkImages(root)) {
    const first = (await head(join(root, labelFile(image)))).trimStart().split(/\r?\n/, 1)[0]!;
    if (LINE.test(first)) return true;
    if (++probed === PROBED) return false;
  }
  return false;
}

/** Whether a folder holds boxes as Darknet, labelImg and CVAT's YOLO 1.1 write them: a list of classes, no data.yaml. */
export async function isDarknet(root: string): Promise<boolean> {
  return (await isFolder(root)) && (await classLists(root)).length > 0 && (await hasLabels(root));
}

/**
 * Reads a dataset without a data.yaml: names from its list of classes, splits from the lists that obj.data names, from
 * train.txt, val.txt and test.txt, or from folders. Throws `SOURCE_UNREADABLE` where two lists of classes differ.
 */
export async function readDarknet(root: string, reading: Reading): Promise<YoloData> {
  const lists = await classLists(root);
  const [file] = lists;
  if (file === undefined) throw unreadable(root, null, 'there is no data.yaml and no list of classes.');
  const names = await namesIn(file, reading);
  for (const other of lists.slice(1))
    if (alike(await namesIn(other, reading)) !== alike(names))
      throw unreadable(other, null, `its classes are not those of ${file}. Keep one of the two.`);
  return {
    root,
    names: new Map(names.map((name, index) => [index, name])),
    splits: (await splitsOf(root, reading)) ?? 'by path',
    keypoints: null,
  };
}

/** The same text for lists of the same classes. */
function alike(names: readonly string[]): string {
  return names.map(cleanName).join('\n');
}

/** The names in a list, without the empty lines at its end. */
async function namesIn(file: string, reading: Reading): Promise<string[]> {
  const names: string[] = [];
  for await (const { text } of textLines(file, reading)) names.push(text);
  while (names.at(-1)?.trim() === '') names.pop();
  return names;
}

async function splitsOf(root: string, reading: Reading): Promise<{ split: string; path: string }[] | null> {
  const names = (await contents(root)).filter(({ kind }) => kind === 'file').map(({ name }) => name);
  const splits: { split: string; path: string }[] = [];
  const add = async (split: string, written: string): Promise<void> => {
    const path = await located(root, '.', written);
    if (path !== null) splits.push({ split, path });
  };
  const data = names.find((name) => extname(name).toLowerCase() === '.data');
  if (data !== undefined) {
    for await (const { text } of textLines(join(root, data), reading)) {
      const [, key, path] = /^\s*(train|valid|val|test)\s*=\s*(\S.*?)\s*$/.exec(text) ?? [];
      if (key !== undefined && path !== undefined) await add(key === 'valid' ? 'val' : key, path);
    }
  } else
    for (const name of names)
      if (/^(?:train|val|valid|test)\.txt$/i.test(name)) await add(basename(name, extname(name)), name);
  const lists = await Promise.all(
    splits.map(async (one) => ((await stat(join(root, one.path))).size > 0 ? [one] : [])),
  );
  return lists.flat().length > 0 ? lists.flat() : null;
}
