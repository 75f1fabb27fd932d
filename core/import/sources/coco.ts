import { access } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { categoryNames, hasBoxes, readCoco, type CocoImage } from './coco-file.ts';
import { defineSource } from './define.ts';
import { contents, head, isFolder, rootFolder } from './source-files.ts';
import { below, columnsOf, ListedOnce, manifestPath, RowReader } from './manifest-row.ts';
import { isSplitName, splitInFileName } from './splits.ts';
import { unreadable } from './unreadable.ts';

const PROBED_IMAGES = 20;

async function isCoco(file: string): Promise<boolean> {
  if (extname(file).toLowerCase() !== '.json') return false;
  const start = await head(file);
  return (
    /^\s*\{\s*"(?:info|licenses|type|images|annotations|categories)"/.test(start) &&
    /"(?:images|annotations|categories)"\s*:\s*\[/.test(start)
  );
}

/** The COCO files at the top, in `annotations` and in split folders; only the `instances*` ones where there are any. */
async function cocoFiles(root: string): Promise<string[]> {
  if (!(await isFolder(root))) return (await isCoco(root)) ? [root] : [];
  const found: string[] = [];
  const search = async (folder: string, top: boolean): Promise<void> => {
    for (const { name, kind } of await contents(folder)) {
      const path = join(folder, name);
      if (kind === 'file' && (await isCoco(path))) found.push(path);
      if (kind === 'folder' && top && (name === 'annotations' || isSplitName(name)))
        await search(path, false);
    }
  };
  await search(root, true);
  const instances = found.filter((file) => basename(file).startsWith('instances'));
  return instances.length > 0 ? instances : found;
}

/** The folder below `root` that the file names are relative to: where most of the first images are found. */
async function imageFolder(root: string, file: string, images: CocoImage[]): Promise<string> {
  const beside = relative(root, dirname(file)).split(sep).join('/');
  const set = basename(file, '.json').replace(/^.*?_/, '');
  const places = ['images', beside, '', set, `images/${set}`, 'data', 'train', 'val', 'test'];
  let best = { place: 'images', hits: 0 };
  for (const place of new Set(places)) {
    let hits = 0;
    for (const { fileName } of images.slice(0, PROBED_IMAGES)) {
      hits += await access(join(root, below(place, fileName))).then(
        () => 1,
        () => 0,
      );
    }
    if (hits > best.hits) best = { place, hits };
  }
  return best.place;
}

export default defineSource({
  id: 'coco',
  title: 'COCO',
  layout:
    'COCO JSON with images, annotations and categories, in annotations/, at the top or in split folders, beside the images. Annotations without bbox label the whole image; else an image has the class of its boxes where they agree.',
  priority: 80,
  detects: async (root) => (await cocoFiles(root)).length > 0,
  async *list(root) {
    const top = await rootFolder(root);
    const files = await cocoFiles(root);
    if (files.length === 0)
      throw unreadable(root, null, 'no JSON with images, annotations and categories is here.');
    let boxed = false;
    for (const file of files) boxed ||= await hasBoxes(file);
    const listed = new ListedOnce();
    for (const file of files) {
      const images = await readCoco(file);
      const place = await imageFolder(top, file, images);
      const reader = new RowReader(file);
      const ofFile = splitInFileName(basename(file)) ?? splitInFileName(basename(dirname(file)));
      for (const image of images) {
        const path = below(place, manifestPath(image.fileName));
        listed.add(path, file, image.line);
        const stated = columnsOf(Object.keys(image.columns));
        const facts = reader.read({ line: image.line, values: { ...image.columns, path } });
        yield {
          ...facts,
          path,
          label: stated.has('label') ? facts.label : image.label,
          split: stated.has('split') ? facts.split : ofFile,
          boxes: boxed ? image.boxes : null,
        };
      }
    }
  },
  async classes(root) {
    const names = new Set<string>();
    for (const file of await cocoFiles(root)) for (const name of await categoryNames(file)) names.add(name);
    return [...names];
  },
});
