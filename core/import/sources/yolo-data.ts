import { readFile, stat } from 'node:fs/promises';
import { basename, extname, join, posix } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { Reading } from './reading.ts';
import { contents, isFolder, rootFolder } from './source-files.ts';
import { head } from './text-encoding.ts';
import { unreadable } from './untrusted.ts';
import { counted } from '../../../rpc/format.ts';

const MAX_YAML_BYTES = 4 * 1024 * 1024;
const MAX_ALIASES = 100;

/** What describes a YOLO dataset: a data.yaml, or a list of classes with what lies around it. */
export interface YoloData {
  /** The folder that paths of images lie below. */
  root: string;
  /** Class name by index. */
  names: Map<number, string>;
  /** Below the root: a folder of images, a .txt list of them, or one image. No split: it is told from each path. */
  splits: { split: string | null; path: string }[] | 'by path';
  /** How many keypoints follow each box, of how many numbers each; null where there are none. */
  keypoints: { count: number; numbers: number } | null;
}

const texts = z.union([z.string().transform((one) => (isAbsent(one) ? [] : [one])), z.array(z.string())]);
/** Every scalar is text: the YAML is read with the failsafe schema. */
const schema = z.object({
  path: z.string().optional(),
  train: texts.default([]),
  val: texts.default([]),
  validation: texts.default([]),
  test: texts.default([]),
  names: z.union([z.array(z.string()), z.record(z.string().regex(/^\d+$/), z.string())]).optional(),
  nc: z.string().optional(),
  kpt_shape: z.array(z.string().regex(/^\d+$/)).length(2).optional(),
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
  return /^(?:names|nc)\s*:/m.test(text) && /^(?:train|val|validation|test)\s*:/m.test(text);
}

/** The data.yaml in a folder, or `root` itself; null if there is none. Throws where several could be it. */
export async function findDataYaml(root: string): Promise<string | null> {
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
 * and by the end of their path, but never outside the folder that holds the file. Throws `SOURCE_UNREADABLE` with the
 * line, or with the split whose images are missing; only `test` may be missing.
 */
export async function readDataYaml(file: string, reading: Reading): Promise<YoloData> {
  const root = await rootFolder(file);
  const data = await parsed(file);
  const names = namesOf(data, file, reading);
  const keypoints = data.kpt_shape
    ? { count: Number(data.kpt_shape[0]), numbers: Number(data.kpt_shape[1]) }
    : null;
  if (keypoints && keypoints.numbers !== 2 && keypoints.numbers !== 3)
    throw unreadable(
      file,
      null,
      `\`kpt_shape\` must end in 2 or 3, the numbers of a keypoint, not ${keypoints.numbers}.`,
    );
  if (data.assay) {
    const splits = data.assay.splits.map(({ name, path }) => ({ split: name ?? null, path }));
    return { root, names, splits, keypoints };
  }
  const base = data.path !== undefined && (await isInside(root, data.path)) ? data.path : '.';
  const splits: { split: string; path: string }[] = [];
  const stated = {
    train: data.train,
    val: data.val.length > 0 ? data.val : data.validation,
    test: data.test,
  };
  for (const [split, paths] of Object.entries(stated)) {
    for (const written of paths) {
      const path = await located(root, base, written);
      if (path !== null) splits.push({ split, path });
      else if (split === 'test')
        reading.note(`\`test: ${written}\` of ${basename(file)} is not there: there is no test split.`);
      else
        throw unreadable(
          file,
          null,
          `\`${split}: ${written}\` is not in this folder. Put the file at the dataset's top.`,
        );
    }
  }
  const first = new Set<string>();
  const distinct = splits.filter(({ path }) => !first.has(path) && first.add(path));
  if (distinct.length === 0) throw unreadable(file, null, 'neither train, val nor test names images.');
  return { root, names, splits: distinct, keypoints };
}

/** The names of a data.yaml; where it only counts its classes, those that Ultralytics gives them. */
function namesOf(data: z.infer<typeof schema>, file: string, reading: Reading): Map<number, string> {
  const { names, nc } = data;
  if (names !== undefined) {
    const found = new Map(Object.entries(names).map(([index, name]) => [Number(index), name.toWellFormed()]));
    if (nc !== undefined && Number(nc) !== found.size)
      reading.note(
        `${basename(file)} says nc: ${nc} and names ${counted(found.size, 'class', 'classes')}. The names are used.`,
      );
    return found;
  }
  const count = Number(nc);
  if (!Number.isInteger(count) || count < 1)
    throw unreadable(file, null, `\`nc: ${nc}\` must be the number of classes.`);
  reading.note(
    `${basename(file)} counts ${counted(count, 'class', 'classes')} and names none: ${count === 1 ? 'it is called class_0' : `they are called class_0 to class_${count - 1}`}. Add \`names\`, or map them.`,
  );
  return new Map(Array.from({ length: count }, (_, i) => [i, `class_${i}`]));
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

/**
 * The first interpretation of a path that exists inside the folder: as it is, below `base`, without Roboflow's leading
 * `../`, or the longest end of a path of another machine; or null.
 */
export async function located(root: string, base: string, written: string): Promise<string | null> {
  const slashed = written.trim().replaceAll('\\', '/');
  const parts = slashed.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
  const endings = parts.map((_, i) => parts.slice(i).join('/'));
  for (const path of [posix.join(base, slashed), slashed, ...endings]) {
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
export function labelFile(image: string): string {
  const at = `/${posix.dirname(image)}/`.lastIndexOf('/images/');
  const swapped = at < 0 ? image : `${image.slice(0, at)}labels${image.slice(at + 'images'.length)}`;
  return swapped.slice(0, swapped.length - extname(swapped).length) + '.txt';
}
