import { posix } from 'node:path';
import { FIELDS, FILE_FIELDS, type FieldValues, type FileField } from '../../../rpc/contract/fields.ts';
import { parseBoxes, type Box } from '../../base/boxes.ts';
import { className, type ClassNames } from './class-names.ts';
import { entry, type SourceEntry } from './define.ts';
import { columnsOf, PATH_COLUMNS, type Column } from './manifest-columns.ts';
import { objectBoxes } from './objects-column.ts';
import type { Reading } from './reading.ts';
import { parsedOrNull, unreadable } from './untrusted.ts';

/** One line of a manifest: column name to value, as CSV text or as JSON. */
export interface ManifestRow {
  line: number;
  values: Record<string, unknown>;
}

/** Reads the lines of one manifest. Columns are matched once per distinct set of names. */
export class RowReader {
  readonly #file: string;
  readonly #reading: Reading | null;
  readonly #classNames: ClassNames;
  #names = '';
  #columns = new Map<Column, string>();

  /**
   * `reading` is told what is left behind: without one, several labels are a fault. `classNames` are those of numbers, by
   * column.
   */
  constructor(file: string, reading: Reading | null = null, classNames: ClassNames = new Map()) {
    this.#file = file;
    this.#reading = reading;
    this.#classNames = classNames;
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
    const text = (column: Column, found = value(column)): string | null => {
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
    if (!path)
      throw unreadable(
        this.#file,
        line,
        `no image path. Name the image in one of the columns ${PATH_COLUMNS}.`,
      );
    const label = text('label', this.#oneLabel(value('label')));
    return entry(manifestPath(path), {
      label: this.#className(label, this.#columns.get('label'), line),
      ...(Object.fromEntries(
        FILE_FIELDS.map((id) => [id, 'mayBeEmpty' in FIELDS[id] ? text(id) : text(id) || null]),
      ) as FieldValues<FileField>),
      boxes: this.#boxes(value('boxes'), value('objects'), line),
    });
  }

  /** The label of a list with one; of several labels none, since an image has one. */
  #oneLabel(found: unknown): unknown {
    if (!Array.isArray(found) || !this.#reading) return found;
    if (found.length > 1) this.#reading.leave('label', '', found.length, this.#file);
    return found.length === 1 ? found[0] : null;
  }

  #className(label: string | null, column: string | undefined, line: number): string | null {
    if (!label) return null;
    const name = className(this.#classNames, column, label);
    if (name !== undefined) return name;
    throw unreadable(this.#file, line, `the dataset declares no class ${label} for \`${column}\`.`);
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
    const parsed = typeof objects === 'string' ? parsedOrNull(objects) : objects;
    const found = objectBoxes(parsed, this.#classNames);
    if (!found)
      throw unreadable(
        this.#file,
        line,
        '`objects` must be {"bbox": [[x, y, w, h], ...], "categories": [name, ...]}.',
      );
    for (const { kind, name, count } of found.left) this.#reading?.leave(kind, name, count, this.#file);
    return found.boxes;
  }
}

/** Whether a name is an address, such as `https://…` or `s3://…`. */
export function isAddress(name: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(name);
}

/**
 * Normalises a manifest's path to forward slashes without `./`. Addresses, absolute paths and paths that climb out stay
 * as they are: the decoder does not trust manifests, and records such a path as outside the folder.
 */
export function manifestPath(path: string): string {
  if (isAddress(path)) return path;
  const slashed = path.includes('\\') && !path.includes('/') ? path.replaceAll('\\', '/') : path;
  const plain = posix.normalize(slashed);
  return plain.startsWith('..') || plain.endsWith('/') ? slashed : plain;
}

/** Joins `path` to a relative `folder` ('' for the root); addresses and absolute paths stay as they are. */
export function below(folder: string, path: string): string {
  return folder === '' || folder === '.' || posix.isAbsolute(path) || isAddress(path)
    ? path
    : manifestPath(`${folder}/${path}`);
}
