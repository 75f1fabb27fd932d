import { access } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { labelOfBoxes, boxValues, type Box } from '../../base/boxes.ts';
import { defineSource } from './define.ts';
import { arrayElements } from './json-elements.ts';
import { below, columnsOf, ListedOnce, manifestPath, RowReader } from './manifest-row.ts';
import { contents, head, isFolder, rootFolder } from './source-files.ts';
import { isSplitName, splitInFileName } from './splits.ts';
import { unreadable, isRecord } from './untrusted.ts';

const PROBED_IMAGES = 20;

async function isCoco(file: string): Promise<boolean> {
  if (extname(file).toLowerCase() !== '.json') return false;
  const start = await head(file);
  return (
    /^\s*\{\s*"(?:info|licenses|type|images|annotations|categories)"/.test(start) &&
    /"(?:images|annotations|categories)"\s*:\s*\[/.test(start)
  );
}

/** COCO files at the top, in `annotations` and in split folders; only the `instances*` ones if there are any. */
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

/** The folder below `root` that file names are relative to: the one where most of the first images exist. */
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
    'COCO JSON with images, annotations and categories, in annotations/, at the top or in split folders, beside the images. Annotations without bbox label the whole image; otherwise an image has the class of its boxes if they agree.',
  priority: 80,
  detects: async (root) => (await cocoFiles(root)).length > 0,
  async *list(root) {
    const top = await rootFolder(root);
    const files = await cocoFiles(root);
    if (files.length === 0)
      throw unreadable(root, null, 'there is no JSON with images, annotations and categories.');
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

/** One record of COCO's `images`, with the columns that exports add to it. */
interface CocoImage {
  fileName: string;
  /** All its columns, read like those of other manifests. */
  columns: Record<string, unknown>;
  line: number;
  boxes: Box[];
  /** The one class of its annotations without a box, or else of its boxes; null if they disagree. */
  label: string | null;
}

interface Annotation {
  category: unknown;
  values: Box['values'] | null;
  line: number;
}

const ALL = new Set(['images', 'annotations', 'categories']);

/** Whether any annotation of the file has a box. Stops at the first one. */
async function hasBoxes(file: string): Promise<boolean> {
  for await (const elements of arrayElements(file, new Set(['annotations']))) {
    if (elements.some(({ value, line }) => annotation(file, value, line).values !== null)) return true;
  }
  return false;
}

/** The names of a file's `categories`, in its order. */
async function categoryNames(file: string): Promise<string[]> {
  const names: string[] = [];
  for await (const elements of arrayElements(file, new Set(['categories']))) {
    for (const { value, line } of elements) names.push(category(file, value, line).name);
  }
  return names;
}

/**
 * Reads the images of a COCO file with their annotations, in the order of `images`. Holds the names and boxes of the
 * file in memory, but no polygons or masks. Throws `SOURCE_UNREADABLE` with the line for incomplete records and for
 * references to images or categories that the file does not list.
 */
async function readCoco(file: string): Promise<CocoImage[]> {
  const images = new Map<unknown, CocoImage>();
  const annotations = new Map<unknown, Annotation[]>();
  const categories = new Map<unknown, string>();
  for await (const elements of arrayElements(file, ALL)) {
    for (const { key, value, line } of elements) {
      if (key === 'categories') {
        const { id, name } = category(file, value, line);
        categories.set(id, name);
      } else if (key === 'images') {
        const { id, image } = imageRecord(file, value, line);
        if (images.has(id)) throw unreadable(file, line, `the image id ${String(id)} occurs twice.`);
        images.set(id, image);
      } else {
        const found = annotation(file, value, line);
        const others = annotations.get(found.image);
        if (others) others.push(found);
        else annotations.set(found.image, [found]);
      }
    }
  }
  for (const [id, found] of annotations) {
    const image = images.get(id);
    if (!image)
      throw unreadable(
        file,
        found[0]!.line,
        `the annotation refers to image ${String(id)}, which is not listed.`,
      );
    annotate(file, image, found, categories);
  }
  return [...images.values()];
}

function annotate(
  file: string,
  image: CocoImage,
  found: Annotation[],
  categories: Map<unknown, string>,
): void {
  const whole = new Set<string>();
  for (const { category: id, values, line } of found) {
    const label = categories.get(id);
    if (label === undefined)
      throw unreadable(file, line, `the annotation refers to category ${String(id)}, which is not listed.`);
    if (values) image.boxes.push({ label, format: 'xywh-pixel', values });
    else whole.add(label);
  }
  if (whole.size === 0) image.label = labelOfBoxes(image.boxes);
  else if (whole.size === 1) image.label = [...whole][0]!;
}

function record(file: string, value: unknown, line: number): Record<string, unknown> {
  if (isRecord(value)) return value;
  throw unreadable(file, line, 'expected an object.');
}

function imageRecord(file: string, value: unknown, line: number): { id: unknown; image: CocoImage } {
  const columns = record(file, value, line);
  const { id, file_name: fileName } = columns;
  if (id === undefined || typeof fileName !== 'string' || fileName === '') {
    throw unreadable(file, line, 'an image without `id` or `file_name`.');
  }
  return { id, image: { fileName: fileName.toWellFormed(), columns, line, boxes: [], label: null } };
}

function category(file: string, value: unknown, line: number): { id: unknown; name: string } {
  const { id, name } = record(file, value, line);
  if (id === undefined || typeof name !== 'string')
    throw unreadable(file, line, 'a category without `id` or `name`.');
  return { id, name: name.toWellFormed() };
}

function annotation(file: string, value: unknown, line: number): Annotation & { image: unknown } {
  const { image_id: image, category_id: id, bbox } = record(file, value, line);
  if (image === undefined || id === undefined) {
    throw unreadable(file, line, 'an annotation without `image_id` or `category_id`.');
  }
  const none = bbox === undefined || bbox === null || (Array.isArray(bbox) && bbox.length === 0);
  const values = none ? null : boxValues(bbox);
  if (!none && !values)
    throw unreadable(file, line, '`bbox` must be four numbers: left, top, width, height.');
  return { image, category: id, values, line };
}
