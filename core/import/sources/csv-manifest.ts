import { csvDelimiter, csvRows } from './csv-rows.ts';
import { defineSource } from './define.ts';
import { findManifest, hasManifest } from './manifest-file.ts';
import { ListedOnce, OPTIONAL_COLUMNS, RowReader } from './manifest-row.ts';

const kind = {
  extensions: ['.csv', '.tsv'],
  except: ['metadata.csv'],
  accepts: async (file: string) => (await csvDelimiter(file)) !== null,
};

export default defineSource({
  id: 'csv-manifest',
  title: 'CSV manifest',
  layout: `A .csv or .tsv file with a header; a column path (or file_name, image, ...) below its folder, and optionally ${OPTIONAL_COLUMNS}.`,
  priority: 50,
  detects: (root) => hasManifest(root, kind),
  async *list(root) {
    const file = await findManifest(root, kind);
    const reader = new RowReader(file);
    const listed = new ListedOnce();
    for await (const row of csvRows(file)) {
      const found = reader.read(row);
      listed.add(found.path, file, row.line);
      yield found;
    }
  },
});
