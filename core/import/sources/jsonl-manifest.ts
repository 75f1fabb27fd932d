import { defineSource } from './define.ts';
import { head } from './source-files.ts';
import { jsonlRows } from './jsonl-rows.ts';
import { findManifest, hasManifest } from './manifest-file.ts';
import { columnsOf, ListedOnce, OPTIONAL_COLUMNS, RowReader } from './manifest-row.ts';
import { isRecord } from './untrusted.ts';

const kind = {
  extensions: ['.jsonl', '.ndjson'],
  except: ['metadata.jsonl'],
  /** A first line that cannot be parsed is still a manifest: the import says what is wrong with it. */
  async accepts(file: string): Promise<boolean> {
    const first = (await head(file)).trimStart().split('\n', 1)[0] ?? '';
    try {
      const row: unknown = JSON.parse(first);
      return isRecord(row) && columnsOf(Object.keys(row)).has('path');
    } catch {
      return first.startsWith('{');
    }
  },
};

export default defineSource({
  id: 'jsonl-manifest',
  title: 'JSON Lines manifest',
  layout: `A .jsonl or .ndjson file of one object per image: path (or file_name, image, ...) below its folder, and optionally ${OPTIONAL_COLUMNS}, boxes.`,
  priority: 60,
  detects: (root) => hasManifest(root, kind),
  async *list(root) {
    const file = await findManifest(root, kind);
    const reader = new RowReader(file);
    const listed = new ListedOnce();
    for await (const row of jsonlRows(file)) {
      const found = reader.read(row);
      listed.add(found.path, file, row.line);
      yield found;
    }
  },
});
