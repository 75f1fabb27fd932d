import { dirname, extname } from 'node:path';
import { areImages } from './csv-shape.ts';
import { defineSource } from './define.ts';
import { arrayElements } from './json-elements.ts';
import { jsonlRows } from './jsonl-rows.ts';
import { columnsOf, isById, OPTIONAL_COLUMNS } from './manifest-columns.ts';
import { ManifestEntries } from './manifest-entries.ts';
import { findManifest, hasManifest, manifestDoubt } from './manifest-file.ts';
import type { ManifestRow } from './manifest-row.ts';
import { Reading } from './reading.ts';
import { rootFolder } from './source-files.ts';
import { labelDoubt, noteUnlabelled } from './table-labels.ts';
import { head } from './text-encoding.ts';
import { isRecord } from './untrusted.ts';

const kind = {
  extensions: ['.jsonl', '.ndjson', '.json'],
  except: ['metadata.jsonl'],
  async accepts(file: string): Promise<boolean> {
    const start = (await head(file)).trimStart();
    if (isArrayFile(file)) return /^\[\s*\{/.test(start) && (await beginsWithImages(file));
    const first = start.split('\n', 1)[0] ?? '';
    try {
      const row: unknown = JSON.parse(first);
      if (!isRecord(row)) return false;
      const path = columnsOf(Object.keys(row)).get('path');
      return (
        path !== undefined && (!isById(Object.keys(row)) || (await areImages(dirname(file), [row[path]])))
      );
    } catch {
      // A first line that cannot be parsed is still a manifest: the import says what is wrong with it.
      return first.startsWith('{');
    }
  },
  rows: (file: string) => rowsOf(file, new Reading()),
};

function rowsOf(file: string, reading: Reading): AsyncGenerator<ManifestRow> {
  return isArrayFile(file) ? arrayRows(file, reading) : jsonlRows(file, reading);
}

function isArrayFile(file: string): boolean {
  return extname(file).toLowerCase() === '.json';
}

/** Keys under which other layouts keep boxes or shapes of an image: they are not read, so such a file is none of ours. */
const OTHERS = ['annotations', 'annotation', 'regions', 'shapes', 'result', 'data'];

/** Whether most of the first elements of a JSON array name images, and hold no annotations that are not read. */
async function beginsWithImages(file: string): Promise<boolean> {
  try {
    for await (const elements of arrayElements(file, new Set(['']))) {
      if (elements.length === 0) continue;
      const named = elements.filter(({ value }) => namesImage(value)).length;
      return namesImage(elements[0]!.value) && named >= elements.length / 2;
    }
  } catch {
    // A broken file is left to the import of another layout, or refused as none.
  }
  return false;
}

function namesImage(value: unknown): boolean {
  if (!isRecord(value) || OTHERS.some((key) => typeof value[key] === 'object')) return false;
  // What a detector found, in COCO's terms.
  if ('image_id' in value && 'category_id' in value) return false;
  if (isById(Object.keys(value))) return false;
  const path = columnsOf(Object.keys(value)).get('path');
  return path !== undefined && typeof value[path] === 'string';
}

/** Streams the records of a JSON array. */
async function* arrayRows(file: string, reading: Reading): AsyncGenerator<ManifestRow> {
  for await (const elements of arrayElements(file, new Set(['']), { encoding: reading.encoding }))
    for (const { value, line } of elements)
      if (isRecord(value)) yield { line, values: value };
      else reading.skip(file, line, 'not a JSON object.');
}

export default defineSource({
  id: 'jsonl-manifest',
  title: 'JSON Lines manifest',
  layout: `A .jsonl or .ndjson file of one object per image, or a .json file with an array of them: path (or file_name, image, ...) below its folder, and optionally ${OPTIONAL_COLUMNS}, boxes.`,
  priority: 60,
  detects: (root) => hasManifest(root, kind),
  doubt: (root) => manifestDoubt(root, kind),
  async *list(root, reading) {
    const file = await findManifest(root, kind);
    noteUnlabelled(await labelDoubt(file, kind.rows(file)), reading);
    const entries = new ManifestEntries(await rootFolder(root), reading);
    yield* entries.entries({ file, rows: rowsOf(file, reading), folder: '' });
    await entries.tell(root);
  },
});
