import { posix } from 'node:path';
import { FIELDS, FILE_FIELDS, type FieldValues, type FileField } from '../../../rpc/contract/fields.ts';
import { parseBoxes } from '../../base/boxes.ts';
import { className, type ClassNames } from './class-names.ts';
import { entry, type SourceEntry } from './define.ts';
import { ImageBoxes } from './image-boxes.ts';
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
  #values: ManifestRow['values'] | null = null;
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

  /**
   * Reads one line, without its boxes. Throws `SOURCE_UNREADABLE` with the line number on a missing path or a value of
   * the wrong type.
   */
  read(row: ManifestRow): SourceEntry {
    const { line } = row;
    const value = (column: Column): unknown => this.#value(row, column);
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
    });
  }

  /** The path that a line names, also where the rest of it is faulty; null if it names none. */
  pathOf(row: ManifestRow): string | null {
    const path = this.#value(row, 'path');
    return typeof path === 'string' && path !== '' ? manifestPath(path.toWellFormed()) : null;
  }

  #value({ values }: ManifestRow, column: Column): unknown {
    if (values !== this.#values) this.#look(values);
    const name = this.#columns.get(column);
    return name === undefined ? null : (values[name] ?? null);
  }

  /** Looks once at the columns of a row: its values are asked for one by one. */
  #look(values: ManifestRow['values']): void {
    this.#values = values;
    const names = Object.keys(values);
    const key = names.join('\n');
    if (key === this.#names) return;
    this.#names = key;
    this.#columns = columnsOf(names);
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

  /** The boxes in the column `boxes` or `objects` of a line; null where it has none. Faulty ones are left out. */
  boxesOf(row: ManifestRow, reading: Reading): ImageBoxes | null {
    const [own, objects] = [this.#json(row, 'boxes'), this.#json(row, 'objects')];
    if (own === undefined && objects === undefined) return null;
    const boxes = new ImageBoxes(reading, this.#file);
    if (own !== undefined) {
      const problem = '`boxes` must be a list of {"label", "format", "values": [4 numbers]}.';
      if (!Array.isArray(own)) boxes.skip(row.line, problem);
      else
        for (const one of own) {
          const [box] = parseBoxes([one]) ?? [];
          if (box) boxes.add(box);
          else boxes.skip(row.line, problem);
        }
      return boxes;
    }
    const found = objectBoxes(objects, this.#classNames);
    for (const box of found.boxes) boxes.add(box);
    for (const problem of found.faults) boxes.skip(row.line, problem);
    for (const { kind, name, count } of found.left) reading.leave(kind, name, count, this.#file);
    boxes.note({ others: found.others });
    return boxes;
  }

  /** What a column has as JSON; undefined where it is empty, null where it is none. */
  #json(row: ManifestRow, column: Column): unknown {
    const found = this.#value(row, column);
    if (found === null || found === '') return undefined;
    return typeof found === 'string' ? parsedOrNull(found) : found;
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
