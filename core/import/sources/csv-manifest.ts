import { extname } from 'node:path';
import { csvRows } from './csv-rows.ts';
import { csvShape, isNumbering, namesImages } from './csv-shape.ts';
import { defineSource } from './define.ts';
import { isOpenImages, isVia, OPTIONAL_COLUMNS } from './manifest-columns.ts';
import { ManifestEntries } from './manifest-entries.ts';
import { findManifest, hasManifest, manifestDoubt } from './manifest-file.ts';
import { isImageName, rootFolder } from './source-files.ts';
import { labelDoubt, noteUnlabelled } from './table-labels.ts';

const kind = {
  extensions: ['.csv', '.tsv', '.txt'],
  except: ['metadata.csv', '_classes.csv'],
  async accepts(file: string): Promise<boolean> {
    const shape = await csvShape(file);
    if (!shape || !(await namesImages(file, shape))) return false;
    const { header, rows } = shape;
    if (header && (isOpenImages(header) || isVia(header))) return false;
    if (extname(file).toLowerCase() !== '.txt') return true;
    // Any text may begin with a word such as "image": a list has an image in every row, and something about it.
    const columns = header?.length ?? 2;
    const isList =
      rows.length > 0 && rows.every((cells) => cells.length === columns && cells.some(isImageName));
    return isList && columns > 1 && !isNumbering(shape);
  },
  rows: (file: string) => csvRows(file),
};

export default defineSource({
  id: 'csv-manifest',
  title: 'CSV manifest',
  layout: `A .csv or .tsv file with a header, or a .txt list of image and label; a column path (or file_name, image, ...) below its folder, and optionally ${OPTIONAL_COLUMNS}, or one box per row (xmin, ymin, xmax, ymax, class).`,
  priority: 50,
  detects: (root) => hasManifest(root, kind),
  doubt: (root) => manifestDoubt(root, kind),
  async *list(root, reading) {
    const file = await findManifest(root, kind);
    noteUnlabelled(await labelDoubt(file, kind.rows(file)), reading);
    const entries = new ManifestEntries(await rootFolder(root), reading);
    const decimalComma = (await csvShape(file))?.delimiter !== ',';
    yield* entries.entries({ file, rows: csvRows(file, reading), folder: '', decimalComma });
    await entries.tell(root);
  },
});
