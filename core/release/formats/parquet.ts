import { both, defineExport, type ExportItem } from './define.ts';
import type { OutputFolder } from './output.ts';
import { cardHeader, LOAD_DATASET } from './hf-card.ts';
import { itemsWhere, survey } from './items.ts';
import { splitFolders } from './names.ts';
import { FACT_COLUMNS, OBJECTS_COLUMN, TypedTable, type TypedColumn } from './typed-table.ts';

/** `boxes` keeps them exactly as they were imported, `objects` has them in pixels. */
const COLUMNS: readonly TypedColumn[] = [
  { name: 'image', type: 'image', of: ({ fileName }) => fileName },
  ...FACT_COLUMNS,
  { name: 'boxes', type: 'string', of: ({ boxes }) => boxes && JSON.stringify(boxes) },
];

const ROW_GROUP_ROWS = 500;
const ROW_GROUP_BYTES = 32 * 1024 * 1024;
/** Hugging Face's default size of a file. */
const SHARD_BYTES = 500_000_000;

/** How many items of a split go into each file, so that no file has more than 500 MB of images. */
function shardSizes(items: Iterable<ExportItem>): number[] {
  const sizes: number[] = [];
  let bytes = Infinity;
  for (const item of items) {
    if (bytes + item.bytes > SHARD_BYTES) {
      sizes.push(0);
      bytes = 0;
    }
    sizes[sizes.length - 1]! += 1;
    bytes += item.bytes;
  }
  return sizes;
}

/** Writes the next `count` items as a Parquet file, holding one row group in memory. */
async function* parquetFile(
  output: OutputFolder,
  table: TypedTable,
  items: Iterator<ExportItem>,
  count: number,
  copied: () => void,
): AsyncGenerator<Uint8Array> {
  let rows: ExportItem[] = [];
  let images: Uint8Array[] = [];
  let bytes = 0;
  for (let n = 1; n <= count; n += 1) {
    const next = items.next();
    if (next.done) break;
    rows.push(next.value);
    images.push(await output.readOriginal(next.value));
    bytes += next.value.bytes;
    copied();
    if (n < count && rows.length < ROW_GROUP_ROWS && bytes < ROW_GROUP_BYTES) continue;
    yield await table.rowGroup(rows, images);
    [rows, images, bytes] = [[], [], 0];
  }
  yield await table.finish();
}

export default defineExport({
  id: 'parquet',
  title: 'Parquet',
  layout:
    'data/<split>-<n>-of-<m>.parquet with the image bytes as Hugging Face stores them and every fact; boxes in pixels, and unchanged as JSON text; images without a split in train.',
  loses: both('the way back: Assay does not import Parquet with images inside'),
  source: null,
  usage: LOAD_DATASET,
  header: (job) => cardHeader(job, (split) => `data/${split}-*.parquet`),
  async write(job) {
    const { splits, hasBoxes } = survey(job);
    const folders = splitFolders(splits);
    const columns = hasBoxes ? [...COLUMNS, OBJECTS_COLUMN] : COLUMNS;
    let done = 0;
    const copied = (): void => {
      done += 1;
      job.progress({ stage: 'copying images', done, total: job.count, unit: 'images' });
    };
    for (const folder of new Set(folders.values())) {
      const inFolder = (): Iterator<ExportItem> & Iterable<ExportItem> =>
        itemsWhere(job, ({ split }) => folders.get(split) === folder);
      const sizes = shardSizes(inFolder());
      const items = inFolder();
      for (const [index, count] of sizes.entries()) {
        const part = `${String(index).padStart(5, '0')}-of-${String(sizes.length).padStart(5, '0')}`;
        const table = new TypedTable(columns, job.dataset.appVersion);
        await job.output.writeBytes(
          `data/${folder}-${part}.parquet`,
          parquetFile(job.output, table, items, count, copied),
        );
      }
    }
  },
});
