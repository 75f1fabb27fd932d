import { basename, dirname, join } from 'node:path';
import { integer } from '../../../rpc/format.ts';
import { isSplitName } from '../../base/splits.ts';
import { csvRows } from './csv-rows.ts';
import { csvShape } from './csv-shape.ts';
import { defineSource } from './define.ts';
import { columnsOf } from './manifest-columns.ts';
import { ManifestEntries } from './manifest-entries.ts';
import type { ManifestRow } from './manifest-row.ts';
import { Reading } from './reading.ts';
import { contents, isFolder, rootFolder } from './source-files.ts';
import { isBit } from './table-labels.ts';
import { unreadable } from './untrusted.ts';

const BOXES = '_annotations.csv';
const CLASSES = '_classes.csv';

interface Found {
  file: string;
  /** The folder that its names are relative to, below the root; '' for the root. */
  folder: string;
  /** Lie beside it and are not read. */
  besides: string[];
}

/** The tables of the folders that are named like splits, or the `_classes.csv` of the folder itself. */
async function tables(root: string): Promise<Found[]> {
  if (!(await isFolder(root)))
    return basename(root) === CLASSES && (await csvShape(root))
      ? [{ file: root, folder: '', besides: [] }]
      : [];
  const items = await contents(root);
  const found: Found[] = [];
  for (const { name, kind } of items)
    if (kind === 'folder' && isSplitName(name)) {
      const [file, ...besides] = await readable(join(root, name), [BOXES, CLASSES]);
      if (file !== undefined) found.push({ file, folder: name, besides });
    }
  const [top] = await readable(root, [CLASSES]);
  return top === undefined ? found : [{ file: top, folder: '', besides: [] }, ...found];
}

async function readable(folder: string, names: string[]): Promise<string[]> {
  const files: string[] = [];
  const there = (await contents(folder).catch(() => [])).filter(({ kind }) => kind === 'file');
  for (const name of names)
    if (there.some((item) => item.name === name) && (await csvShape(join(folder, name))))
      files.push(join(folder, name));
  return files;
}

/** The columns of a table of classes, apart from that of images. */
function classColumns(names: readonly string[]): string[] {
  const path = names.find((name) => name.toLowerCase() === 'filename') ?? columnsOf(names).get('path');
  return names.filter((name) => name !== path);
}

/** Makes rows with a column of 0 and 1 for each class into rows with a label: the class of the only 1. */
async function* labelled(file: string, reading: Reading): AsyncGenerator<ManifestRow> {
  let without = 0;
  let several = 0;
  try {
    for await (const { line, values } of csvRows(file, reading)) {
      const names = Object.keys(values);
      const classes = classColumns(names);
      const path = values[names.find((name) => !classes.includes(name)) ?? ''];
      const wrong = classes.find((name) => !isBit(values[name]));
      if (wrong !== undefined) {
        reading.skip(file, line, `\`${wrong}\` must be 0 or 1, for images with and without that class.`);
        continue;
      }
      const ones = classes.filter((name) => Number(values[name]) === 1);
      if (ones.length === 0) without++;
      if (ones.length > 1) several++;
      if (ones.length > 1) reading.leave('label', '', ones.length, file);
      yield { line, values: { path, label: ones.length === 1 ? ones[0] : null } };
    }
  } finally {
    const place = [basename(dirname(file)), basename(file)].join('/');
    if (without > 0) reading.note(`${place}: ${rows(without)} no class, and no label.`);
    if (several > 0) reading.note(`${place}: ${rows(several)} several classes, and so no label.`);
  }
}

function rows(count: number): string {
  return count === 1 ? '1 row has' : `${integer(count)} rows have`;
}

export default defineSource({
  id: 'split-tables',
  title: 'Tables in split folders',
  layout:
    'A table in every folder that is named like a split, as Roboflow writes them: _annotations.csv with one box per row, or _classes.csv with a column of 0 and 1 for each class.',
  priority: 55,
  detects: async (root) => (await tables(root)).length > 0,
  async *list(root, reading) {
    const found = await tables(root);
    if (found.length === 0)
      throw unreadable(root, null, `there is no ${BOXES} or ${CLASSES} in a folder named like a split.`);
    const entries = new ManifestEntries(await rootFolder(root), reading);
    for (const { file, folder, besides } of found) {
      for (const other of besides) reading.leave('file', basename(other), 1, other);
      const isOfClasses = basename(file) === CLASSES;
      const decimalComma = (await csvShape(file))?.delimiter !== ',';
      const source = isOfClasses ? labelled(file, reading) : csvRows(file, reading);
      for await (const one of entries.entries({ file, rows: source, folder, decimalComma }))
        yield { ...one, split: one.split ?? (folder === '' ? null : folder) };
    }
    await entries.tell(root);
  },
  async classes(root) {
    const names = new Set<string>();
    for (const { file } of await tables(root))
      if (basename(file) === CLASSES)
        for (const name of classColumns((await csvShape(file))?.header ?? [])) names.add(name);
    return names.size > 0 ? [...names] : null;
  },
});
