import { posix } from 'node:path';
import { z } from 'zod';
import { boxValues, parseBoxes, type Box } from '../../base/boxes.ts';
import { entry, type SourceEntry } from './define.ts';
import { unreadable } from './unreadable.ts';

/** Column names understood, best first; compared in lower case with every run of other characters as `_`. */
const COLUMNS = {
  path: ['path', 'file_name', 'filename', 'file', 'file_path', 'filepath', 'image_path', 'image'],
  label: ['label', 'class', 'category', 'target', 'class_name', 'label_name'],
  split: ['split', 'subset'],
  prompt: ['prompt'],
  negativePrompt: ['negative_prompt', 'negativeprompt'],
  seed: ['seed'],
  generator: ['generator', 'model'],
  generatorVersion: ['generator_version', 'generatorversion', 'model_version'],
  boxes: ['boxes'],
  objects: ['objects'],
} satisfies Record<Field, string[]>;
const FIELDS = [
  'path',
  'label',
  'split',
  'prompt',
  'negativePrompt',
  'seed',
  'generator',
  'generatorVersion',
  'boxes',
  'objects',
] as const;
type Field = (typeof FIELDS)[number];

const FIELD_OF = new Map(
  FIELDS.flatMap((field) => COLUMNS[field].map((name, rank) => [name, { field, rank }] as const)),
);

function plainName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_');
}

/** Which field each of the given column names fills; of several names for one field the best known wins. */
export function fieldsOf(names: readonly string[]): Map<Field, string> {
  const best = new Map<Field, { name: string; rank: number }>();
  for (const name of names) {
    const known = FIELD_OF.get(plainName(name));
    if (!known || known.rank >= (best.get(known.field)?.rank ?? Infinity)) continue;
    best.set(known.field, { name, rank: known.rank });
  }
  return new Map([...best].map(([field, { name }]) => [field, name]));
}

/** One line of a manifest: column name to value, as CSV text or as JSON. */
export interface ManifestRow {
  line: number;
  values: Record<string, unknown>;
}

/** What a manifest line says of one image. Columns are matched once per distinct set of names. */
export class RowReader {
  readonly #file: string;
  #names = '';
  #fields = new Map<Field, string>();

  constructor(file: string) {
    this.#file = file;
  }

  /** Throws `SOURCE_UNREADABLE` with the line for a row without a path, or with a value that is not what it should be. */
  read({ line, values }: ManifestRow): SourceEntry {
    const names = Object.keys(values);
    const key = names.join('\n');
    if (key !== this.#names) {
      this.#names = key;
      this.#fields = fieldsOf(names);
    }
    const value = (field: Field): unknown => {
      const name = this.#fields.get(field);
      return name === undefined ? null : (values[name] ?? null);
    };
    const text = (field: Field): string | null => {
      const found = value(field);
      if (found === null) return null;
      if (typeof found === 'string') return found.toWellFormed();
      if (typeof found === 'number' || typeof found === 'boolean') return String(found);
      throw unreadable(
        this.#file,
        line,
        `\`${this.#fields.get(field)}\` must be one text, not ${Array.isArray(found) ? 'a list' : 'an object'}.`,
      );
    };
    const path = text('path');
    if (!path) {
      const known = COLUMNS.path.join(', ');
      throw unreadable(this.#file, line, `no image path. Name the image in one of the columns ${known}.`);
    }
    return entry(manifestPath(path), {
      label: text('label') || null,
      split: text('split') || null,
      prompt: text('prompt'),
      negativePrompt: text('negativePrompt'),
      seed: text('seed') || null,
      generator: text('generator') || null,
      generatorVersion: text('generatorVersion') || null,
      boxes: this.#boxes(value('boxes'), value('objects'), line),
    });
  }

  #boxes(own: unknown, objects: unknown, line: number): Box[] | null {
    if (own !== null && own !== '') {
      const boxes = parseBoxes(typeof own === 'string' ? parsedOrNull(own) : own);
      if (boxes) return boxes;
      throw unreadable(
        this.#file,
        line,
        '`boxes` must be a list of {"label", "format", "values": [4 numbers]}.',
      );
    }
    if (objects === null || objects === '') return null;
    const boxes = objectBoxes(typeof objects === 'string' ? parsedOrNull(objects) : objects);
    if (boxes) return boxes;
    throw unreadable(
      this.#file,
      line,
      '`objects` must be {"bbox": [[x, y, w, h], ...], "categories": [name, ...]}.',
    );
  }
}

const categoryList = z.array(z.union([z.string(), z.number()])).optional();
const objectsSchema = z.object({
  bbox: z.array(z.unknown()),
  categories: categoryList,
  category: categoryList,
});

/** Hugging Face's `objects`: COCO boxes and one category for each, side by side. */
function objectBoxes(value: unknown): Box[] | null {
  const objects = objectsSchema.safeParse(value).data;
  const categories = objects?.categories ?? objects?.category;
  if (!objects || !categories || objects.bbox.length !== categories.length) return null;
  const boxes: Box[] = [];
  for (const [i, found] of objects.bbox.entries()) {
    const values = boxValues(found);
    if (!values) return null;
    boxes.push({ label: String(categories[i]!).toWellFormed(), format: 'xywh-pixel', values });
  }
  return boxes;
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * A manifest's path with forward slashes and without `./`. Absolute paths and paths that climb out are kept as they
 * are: nothing a manifest says is trusted, and the decoder records such a path as outside of the folder.
 */
export function manifestPath(path: string): string {
  const slashed = path.includes('\\') && !path.includes('/') ? path.replaceAll('\\', '/') : path;
  const plain = posix.normalize(slashed);
  return plain.startsWith('..') || plain.endsWith('/') ? slashed : plain;
}

/** `path` below `folder` (relative, '' for the root itself); paths that are absolute stay so. */
export function below(folder: string, path: string): string {
  return folder === '' || folder === '.' || posix.isAbsolute(path) ? path : manifestPath(`${folder}/${path}`);
}

/** Refuses a dataset that lists one path twice: which of the two lines holds could only be guessed. */
export class ListedOnce {
  readonly #seen = new Map<string, { file: string; line: number | null }>();

  /** Throws `SOURCE_UNREADABLE` naming both places. `line` is null where the place has no line of its own. */
  add(path: string, file: string, line: number | null): void {
    const before = this.#seen.get(path);
    if (before) {
      const place = before.line === null ? before.file : `line ${before.line} of ${before.file}`;
      throw unreadable(
        file,
        line,
        `${JSON.stringify(path)} is already listed in ${place}. Keep one of the two.`,
      );
    }
    this.#seen.set(path, { file, line });
  }
}
