import { posix } from 'node:path';
import { z } from 'zod';
import {
  FIELDS,
  FILE_FIELDS,
  keyOf,
  type FieldValues,
  type FileField,
} from '../../../rpc/contract/fields.ts';
import { boxValues, parseBoxes, type Box } from '../../base/boxes.ts';
import { entry, type SourceEntry } from './define.ts';
import { unreadable } from './untrusted.ts';

type Column = FileField | 'path' | 'label' | 'boxes' | 'objects';

/** Accepted names of each column, best first; compared in lower case, with runs of other characters as one `_`. */
const COLUMNS = new Map<Column, readonly string[]>([
  ['path', ['path', 'file_name', 'filename', 'file', 'file_path', 'filepath', 'image_path', 'image']],
  ['label', ['label', 'class', 'category', 'target', 'class_name', 'label_name']],
  ...FILE_FIELDS.map((id) => [id, [keyOf(id), id.toLowerCase(), ...FIELDS[id].manifest]] as const),
  ['boxes', ['boxes']],
  ['objects', ['objects']],
]);

/** Every column but the path, for the `layout` of sources. */
export const OPTIONAL_COLUMNS = ['label', ...FILE_FIELDS.map(keyOf)].join(', ');

const COLUMN_OF = new Map(
  [...COLUMNS].flatMap(([column, names]) => names.map((name, rank) => [name, { column, rank }] as const)),
);

function plainName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_');
}

/** The name that stands for each column; the best one if several do. */
export function columnsOf(names: readonly string[]): Map<Column, string> {
  const best = new Map<Column, { name: string; rank: number }>();
  for (const name of names) {
    const known = COLUMN_OF.get(plainName(name));
    if (!known || known.rank >= (best.get(known.column)?.rank ?? Infinity)) continue;
    best.set(known.column, { name, rank: known.rank });
  }
  return new Map([...best].map(([column, { name }]) => [column, name]));
}

/** One line of a manifest: column name to value, as CSV text or as JSON. */
export interface ManifestRow {
  line: number;
  values: Record<string, unknown>;
}

/** Reads the lines of one manifest. Columns are matched once per distinct set of names. */
export class RowReader {
  readonly #file: string;
  #names = '';
  #columns = new Map<Column, string>();

  constructor(file: string) {
    this.#file = file;
  }

  /** Reads one line. Throws `SOURCE_UNREADABLE` with the line number on a missing path or a value of the wrong type. */
  read({ line, values }: ManifestRow): SourceEntry {
    const names = Object.keys(values);
    const key = names.join('\n');
    if (key !== this.#names) {
      this.#names = key;
      this.#columns = columnsOf(names);
    }
    const value = (column: Column): unknown => {
      const name = this.#columns.get(column);
      return name === undefined ? null : (values[name] ?? null);
    };
    const text = (column: Column): string | null => {
      const found = value(column);
      if (found === null) return null;
      if (typeof found === 'string') return found.toWellFormed();
      if (typeof found === 'number' || typeof found === 'boolean') return String(found);
      throw unreadable(
        this.#file,
        line,
        `\`${this.#columns.get(column)}\` must be one text, not ${Array.isArray(found) ? 'a list' : 'an object'}.`,
      );
    };
    const path = text('path');
    if (!path) {
      const known = COLUMNS.get('path')!.join(', ');
      throw unreadable(this.#file, line, `no image path. Name the image in one of the columns ${known}.`);
    }
    return entry(manifestPath(path), {
      label: text('label') || null,
      ...(Object.fromEntries(
        FILE_FIELDS.map((id) => [id, 'mayBeEmpty' in FIELDS[id] ? text(id) : text(id) || null]),
      ) as FieldValues<FileField>),
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

/** Reads Hugging Face's `objects`: parallel lists of COCO boxes and categories. */
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
 * Normalises a manifest's path to forward slashes without `./`. Absolute paths and paths that climb out stay as they
 * are: the decoder does not trust manifests, and records such a path as outside the folder.
 */
export function manifestPath(path: string): string {
  const slashed = path.includes('\\') && !path.includes('/') ? path.replaceAll('\\', '/') : path;
  const plain = posix.normalize(slashed);
  return plain.startsWith('..') || plain.endsWith('/') ? slashed : plain;
}

/** Joins `path` to a relative `folder` ('' for the root); absolute paths stay as they are. */
export function below(folder: string, path: string): string {
  return folder === '' || folder === '.' || posix.isAbsolute(path) ? path : manifestPath(`${folder}/${path}`);
}

/** Refuses a dataset that lists a path twice: it would be a guess which of the lines is right. */
export class ListedOnce {
  readonly #seen = new Map<string, { file: string; line: number | null }>();

  /** Throws `SOURCE_UNREADABLE` naming both places. `line` is null for places without lines. */
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
