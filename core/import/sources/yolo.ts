import { readFile, stat, realpath } from 'node:fs/promises';
import { basename, extname, join, posix, relative, isAbsolute } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { boxValues, labelOfBoxes, type Box } from '../../base/boxes.ts';
import { defineSource, entry } from './define.ts';
import { textLines } from './jsonl-rows.ts';
import { ListedOnce, manifestPath } from './manifest-row.ts';
import { contents, head, isFolder, rootFolder, walkImages } from './source-files.ts';
import { unreadable } from './untrusted.ts';

const MAX_YAML_BYTES = 4 * 1024 * 1024;
const MAX_ALIASES = 100;

interface YoloData {
  /** The folder that holds the data.yaml; paths of images lie below it. */
  root: string;
  /** Class name by index. */
  names: Map<number, string>;
  /** Below the root: a folder of images, or a .txt list of them. */
  splits: { split: string | null; path: string }[];
}

const texts = z.union([z.string().transform((one) => (isAbsent(one) ? [] : [one])), z.array(z.string())]);
/** Every scalar is text: the YAML is read with the failsafe schema. */
const schema = z.object({
  path: z.string().optional(),
  train: texts.default([]),
  val: texts.default([]),
  test: texts.default([]),
  names: z.union([z.array(z.string()), z.record(z.string().regex(/^\d+$/), z.string())]),
  assay: z
    .object({ splits: z.array(z.object({ name: z.string().optional(), path: z.string() })) })
    .optional(),
});

function isAbsent(text: string): boolean {
  return ['', '~', 'null'].includes(text);
}

async function isData(file: string): Promise<boolean> {
  if (!['.yaml', '.yml'].includes(extname(file).toLowerCase())) return false;
  const text = await head(file);
  return /^names\s*:/m.test(text) && /^(?:train|val|test)\s*:/m.test(text);
}

/** The data.yaml in a folder, or `root` itself; null if there is none. */
async function findDataYaml(root: string): Promise<string | null> {
  if (!(await isFolder(root))) return (await isData(root)) ? root : null;
  const found: string[] = [];
  for (const { name, kind } of await contents(root)) {
    if (kind === 'file' && (await isData(join(root, name)))) found.push(join(root, name));
  }
  const usual = found.find((file) => basename(file, extname(file)) === 'data');
  if (usual === undefined && found.length > 1) {
    const names = found.map((file) => basename(file)).join(', ');
    throw unreadable(root, null, `several YAML files name classes (${names}). Name the one to import.`);
  }
  return usual ?? found[0] ?? null;
}

/**
 * Reads a data.yaml: YAML 1.2 without custom tags, every scalar as text. Folders are searched for as Ultralytics does,
 * but never outside the folder that holds the file. Throws `SOURCE_UNREADABLE` with the line, or with the split whose
 * images are missing; only `test` may be missing.
 */
async function readYoloData(file: string): Promise<YoloData> {
  const root = await rootFolder(file);
  const data = await parsed(file);
  const names = new Map(
    Object.entries(data.names).map(([index, name]) => [Number(index), name.toWellFormed()]),
  );
  const base = data.path !== undefined && (await isInside(root, data.path)) ? data.path : '.';
  if (data.assay) {
    const splits = data.assay.splits.map(({ name, path }) => ({ split: name ?? null, path }));
    return { root, names, splits };
  }
  const splits: YoloData['splits'] = [];
  for (const key of ['train', 'val', 'test'] as const) {
    for (const written of data[key]) {
      const path = await located(root, base, written);
      if (path !== null) splits.push({ split: key, path });
      else if (key !== 'test') {
        throw unreadable(
          file,
          null,
          `\`${key}: ${written}\` is not in this folder. Put the file at the dataset's top.`,
        );
      }
    }
  }
  const first = new Set<string>();
  const distinct = splits.filter(({ path }) => !first.has(path) && first.add(path));
  if (distinct.length === 0) throw unreadable(file, null, 'neither train, val nor test names images.');
  return { root, names, splits: distinct };
}

async function parsed(file: string): Promise<z.infer<typeof schema>> {
  if ((await stat(file)).size > MAX_YAML_BYTES)
    throw unreadable(file, null, 'the file is larger than 4 MiB.');
  const lines = new LineCounter();
  const document = parseDocument(await readFile(file, 'utf8'), { schema: 'failsafe', lineCounter: lines });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem)
    throw unreadable(file, lines.linePos(problem.pos[0]).line, problem.message.split('\n', 1)[0]!, problem);
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    throw unreadable(file, null, "the YAML's aliases expand beyond the limit.", error);
  }
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0]!;
  throw unreadable(
    file,
    null,
    `\`${issue.path.join('.') || 'the top level'}\`: ${issue.message}.`,
    checked.error,
  );
}

/** The first interpretation of a path that exists inside the folder, also without Roboflow's leading `../`; or null. */
async function located(root: string, base: string, written: string): Promise<string | null> {
  const slashed = written.replaceAll('\\', '/');
  for (const path of [posix.join(base, slashed), slashed, slashed.replace(/^(?:\.\.\/)+/, '')]) {
    if (await isInside(root, path)) return posix.normalize(path).replace(/\/$/, '');
  }
  return null;
}

async function isInside(root: string, path: string): Promise<boolean> {
  const plain = posix.normalize(path);
  if (posix.isAbsolute(plain) || plain.startsWith('..') || /^[a-zA-Z]:/.test(plain)) return false;
  return stat(join(root, plain)).then(
    () => true,
    () => false,
  );
}

/** Where Ultralytics looks for an image's boxes: the last folder `images` becomes `labels`, the extension `.txt`. */
function labelFile(image: string): string {
  const at = `/${posix.dirname(image)}/`.lastIndexOf('/images/');
  const swapped = at < 0 ? image : `${image.slice(0, at)}labels${image.slice(at + 'images'.length)}`;
  return swapped.slice(0, swapped.length - extname(swapped).length) + '.txt';
}

async function read(root: string): Promise<YoloData> {
  const file = await findDataYaml(root);
  if (file === null) throw unreadable(root, null, 'there is no data.yaml with `names`.');
  return readYoloData(file);
}

/** Lists the images of a split: those of a folder, or the lines of a list. Lines with `./` are relative to the list. */
async function* imagesOf(root: string, path: string): AsyncGenerator<{ image: string; line: number | null }> {
  if (extname(path).toLowerCase() !== '.txt') {
    const prefix = path === '.' ? '' : `${path}/`;
    for await (const image of walkImages(root, prefix)) yield { image, line: null };
    return;
  }
  for await (const { line, text } of textLines(join(root, path))) {
    const written = text.trim();
    if (written === '') continue;
    const fromList = written.startsWith('./') ? posix.join(posix.dirname(path), written) : written;
    yield { image: manifestPath(fromList), line };
  }
}

/** Whether a file lies below the folder after following links; false if it does not exist. */
async function liesBelow(root: string, file: string): Promise<boolean> {
  try {
    const path = relative(root, await realpath(file));
    return !path.startsWith('..') && !isAbsolute(path);
  } catch {
    return false;
  }
}

/** Reads Ultralytics' lines of class and box, or class and polygon, which becomes its bounding box. */
async function readBoxes(file: string, names: Map<number, string>): Promise<Box[]> {
  const boxes: Box[] = [];
  for await (const { line, text } of textLines(file)) {
    const parts = text.trim().split(/\s+/);
    if (parts[0] === '') continue;
    const numbers = parts.slice(1).map(Number);
    const label = /^\d+$/.test(parts[0]!) ? names.get(Number(parts[0])) : undefined;
    if (label === undefined) throw unreadable(file, line, `data.yaml names no class ${parts[0]}.`);
    const values = numbers.every(Number.isFinite) ? boxOf(numbers) : null;
    if (!values)
      throw unreadable(
        file,
        line,
        'expected a class and four numbers, or a polygon of at least three points.',
      );
    boxes.push({ label, format: 'cxcywh-relative', values });
  }
  return boxes;
}

function boxOf(numbers: number[]): Box['values'] | null {
  const values = boxValues(numbers);
  if (values) return values;
  if (numbers.length < 6 || numbers.length % 2 === 1) return null;
  const [xs, ys] = [numbers.filter((_, i) => i % 2 === 0), numbers.filter((_, i) => i % 2 === 1)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  return [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top];
}

export default defineSource({
  id: 'yolo',
  title: 'YOLO',
  layout:
    'A data.yaml with names and train, val, test as folders or .txt lists below it; boxes in labels/**.txt for images/**. An image has the class of its boxes if they agree; without a .txt it has no boxes.',
  priority: 90,
  detects: async (root) => (await findDataYaml(root)) !== null,
  async *list(root) {
    const { root: folder, names, splits } = await read(root);
    const real = await realpath(folder);
    const listed = new ListedOnce();
    for (const { split, path } of splits) {
      for await (const { image, line } of imagesOf(folder, path)) {
        listed.add(image, join(folder, path), line);
        const file = join(folder, labelFile(image));
        const boxes = (await liesBelow(real, file)) ? await readBoxes(file, names) : [];
        yield entry(image, { label: labelOfBoxes(boxes), boxes, split });
      }
    }
  },
  classes: async (root) => [...(await read(root)).names.values()],
});
