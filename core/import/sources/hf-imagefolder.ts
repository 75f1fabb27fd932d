import { basename, dirname, join, relative, sep } from 'node:path';
import { csvRows } from './csv-rows.ts';
import { defineSource } from './define.ts';
import { jsonlRows } from './jsonl-rows.ts';
import { below, columnsOf, ListedOnce, RowReader, type ManifestRow } from './manifest-row.ts';
import { parquetRows } from './parquet-rows.ts';
import { contents, isFolder, rootFolder } from './source-files.ts';
import { splitInPath } from './splits.ts';
import { unreadable } from './untrusted.ts';

const NAMES = ['metadata.jsonl', 'metadata.csv', 'metadata.parquet'];
const DEPTH = 2;

/** Metadata files in a folder and up to two levels below it, one per folder, in path order. */
async function metadataFiles(root: string): Promise<string[]> {
  if (!(await isFolder(root))) return NAMES.includes(basename(root)) ? [root] : [];
  const search = async (folder: string, depth: number): Promise<string[]> => {
    const items = await contents(folder);
    const own = NAMES.find((name) => items.some((item) => item.kind === 'file' && item.name === name));
    const found = own === undefined ? [] : [join(folder, own)];
    if (depth === DEPTH) return found;
    for (const { name, kind } of items) {
      if (kind === 'folder') found.push(...(await search(join(folder, name), depth + 1)));
    }
    return found;
  };
  return search(root, 0);
}

function rowsOf(file: string): AsyncIterable<ManifestRow> {
  if (file.endsWith('.parquet')) return parquetRows(file);
  return file.endsWith('.csv') ? csvRows(file) : jsonlRows(file);
}

export default defineSource({
  id: 'hf-imagefolder',
  title: 'Hugging Face imagefolder',
  layout:
    'Images with a metadata.jsonl, metadata.csv or metadata.parquet beside them, whose file_name is relative to it; one such file at the top or one in every split folder.',
  priority: 70,
  detects: async (root) => (await metadataFiles(root)).length > 0,
  async *list(root) {
    const top = await rootFolder(root);
    const files = await metadataFiles(root);
    if (files.length === 0)
      throw unreadable(root, null, 'there is no metadata.jsonl, metadata.csv or metadata.parquet.');
    const listed = new ListedOnce();
    for (const file of files) {
      const folder = relative(top, dirname(file)).split(sep).join('/');
      const reader = new RowReader(file);
      for await (const row of rowsOf(file)) {
        const found = reader.read(row);
        const path = below(folder, found.path);
        listed.add(path, file, row.line);
        const stated = columnsOf(Object.keys(row.values)).has('split');
        yield { ...found, path, split: stated ? found.split : splitInPath(path) };
      }
    }
  },
});
