import { basename, dirname, join, relative, sep } from 'node:path';
import { declaredClassNames, type ClassNames } from './class-names.ts';
import { csvRows } from './csv-rows.ts';
import { csvShape, namesImages } from './csv-shape.ts';
import { defineSource, type Doubt } from './define.ts';
import { jsonlRows } from './jsonl-rows.ts';
import { columnsOf } from './manifest-columns.ts';
import { ManifestEntries } from './manifest-entries.ts';
import type { ManifestRow } from './manifest-row.ts';
import { parquetClassNames, parquetRows } from './parquet-rows.ts';
import { Reading } from './reading.ts';
import { contents, isFolder, rootFolder } from './source-files.ts';
import { splitInPath } from './splits.ts';
import { labelDoubt, noteUnlabelled } from './table-labels.ts';
import { unreadable } from './untrusted.ts';

const NAMES = ['metadata.jsonl', 'metadata.csv', 'metadata.parquet'];
const DEPTH = 2;

/** Metadata files in a folder and up to two levels below it, one per folder, in path order. */
async function metadataFiles(root: string): Promise<string[]> {
  if (!(await isFolder(root)))
    return NAMES.includes(basename(root)) && (await isOfImages(root)) ? [root] : [];
  const search = async (folder: string, depth: number): Promise<string[]> => {
    const items = await contents(folder);
    const found: string[] = [];
    for (const name of NAMES) {
      const isThere = items.some((item) => item.kind === 'file' && item.name === name);
      if (found.length === 0 && isThere && (await isOfImages(join(folder, name))))
        found.push(join(folder, name));
    }
    if (depth === DEPTH) return found;
    for (const { name, kind } of items) {
      if (kind === 'folder') found.push(...(await search(join(folder, name), depth + 1)));
    }
    return found;
  };
  return search(root, 0);
}

function rowsOf(file: string, reading: Reading): AsyncIterable<ManifestRow> {
  if (file.endsWith('.parquet')) return parquetRows(file);
  return file.endsWith('.csv') ? csvRows(file, reading) : jsonlRows(file, reading);
}

/** What stands against metadata files of which none has labels or facts. */
async function doubtOf(files: string[]): Promise<Doubt | null> {
  let first: Doubt | null = null;
  for (const file of files) {
    const doubt = await labelDoubt(file, rowsOf(file, new Reading()));
    if (!doubt) return null;
    if (first?.kind !== 'no-labels') first = doubt;
  }
  return first;
}

/** Whether a metadata file is for images: other tables are called metadata.csv too. */
async function isOfImages(file: string): Promise<boolean> {
  if (!file.endsWith('.csv')) return true;
  const shape = await csvShape(file);
  return shape !== null && namesImages(file, shape);
}

export default defineSource({
  id: 'hf-imagefolder',
  title: 'Hugging Face imagefolder',
  layout:
    'Images with a metadata.jsonl, metadata.csv or metadata.parquet beside them, whose file_name is relative to it; one such file at the top or one in every split folder.',
  priority: 70,
  onShown: true,
  detects: async (root) => (await metadataFiles(root)).length > 0,
  doubt: async (root) => doubtOf(await metadataFiles(root)),
  async *list(root, reading) {
    const top = await rootFolder(root);
    const files = await metadataFiles(root);
    if (files.length === 0)
      throw unreadable(root, null, 'there is no metadata.jsonl, metadata.csv or metadata.parquet.');
    noteUnlabelled(await doubtOf(files), reading);
    const declared = await declaredClassNames(top);
    const entries = new ManifestEntries(top, reading);
    for (const file of files) {
      const folder = relative(top, dirname(file)).split(sep).join('/');
      const decimalComma = file.endsWith('.csv') && (await csvShape(file))?.delimiter !== ',';
      const own = file.endsWith('.parquet') ? await parquetClassNames(file) : new Map<string, never>();
      const classNames: ClassNames = new Map([...declared, ...own]);
      const state = { splits: false };
      const rows = watched(rowsOf(file, reading), state);
      for await (const found of entries.entries({ file, rows, folder, decimalComma, classNames }))
        yield { ...found, split: state.splits ? found.split : splitInPath(found.path) };
    }
    await entries.tell(root);
  },
});

/** Passes rows on, and tells whether they have a column of splits. */
async function* watched(
  rows: AsyncIterable<ManifestRow>,
  state: { splits: boolean },
): AsyncGenerator<ManifestRow> {
  let names = '';
  for await (const row of rows) {
    const all = Object.keys(row.values);
    const key = all.join('\n');
    if (key !== names) {
      names = key;
      state.splits = columnsOf(all).has('split');
    }
    yield row;
  }
}
