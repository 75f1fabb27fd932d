import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { defineExport, type ExportItem, type ExportJob } from './define.ts';
import { uniqueNames, wordName } from './names.ts';
import { readOriginal } from './output.ts';
import { columnsOf, FEATURES, SCHEMA, type Row } from './parquet-columns.ts';
import { itemsOf } from './progress.ts';
import { survey } from './survey.ts';

const ROW_GROUP_ROWS = 500;
const ROW_GROUP_BYTES = 32 * 1024 * 1024;
/** Hugging Face's own size of one file. */
const SHARD_BYTES = 500_000_000;

/** How many items of a split go into each file: as many as keep it under 500 MB of images. */
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

/** One Parquet file of the next `count` items, row group by row group, so that no more than one is in memory. */
async function* parquetFile(
  job: ExportJob,
  items: Iterator<ExportItem>,
  count: number,
  copied: () => void,
): AsyncGenerator<Uint8Array> {
  const writer = new ByteWriter();
  const kvMetadata = [{ key: 'huggingface', value: FEATURES }];
  const createdBy = `Assay ${job.dataset.appVersion}`;
  const file = new ParquetWriter({ writer, schema: SCHEMA, kvMetadata, createdBy });
  const written = (): Uint8Array => {
    const bytes = writer.getBytes().slice();
    writer.index = 0;
    return bytes;
  };
  let rows: Row[] = [];
  let bytes = 0;
  for (let n = 1; n <= count; n += 1) {
    const next = items.next();
    if (next.done) break;
    rows.push({ item: next.value, image: await readOriginal(next.value) });
    bytes += next.value.bytes;
    copied();
    if (n < count && rows.length < ROW_GROUP_ROWS && bytes < ROW_GROUP_BYTES) continue;
    await file.write({ columnData: columnsOf(rows), rowGroupSize: rows.length });
    rows = [];
    bytes = 0;
    yield written();
  }
  await file.finish();
  yield written();
}

export default defineExport({
  id: 'parquet',
  title: 'Parquet',
  layout:
    'data/<split>-<n>-of-<m>.parquet with the image bytes as Hugging Face stores them and every fact; boxes as JSON text; images without a split in train.',
  loses: ['the way back: Parquet holds everything, but Assay does not import it'],
  source: null,
  async write(job) {
    const { splits } = survey(job);
    const names = uniqueNames<string | null>(
      [...splits].reverse(),
      (split) => (split === null ? 'train' : wordName(split)),
      '_',
    );
    let done = 0;
    const copied = (): void => {
      done += 1;
      job.progress({ stage: 'copying images', done, total: job.count, unit: 'images' });
    };
    for (const split of splits) {
      const sizes = shardSizes(itemsOf(job, split));
      const items = itemsOf(job, split);
      for (const [index, count] of sizes.entries()) {
        const part = `${String(index).padStart(5, '0')}-of-${String(sizes.length).padStart(5, '0')}`;
        await job.output.writeBytes(
          `data/${names.get(split)!}-${part}.parquet`,
          parquetFile(job, items, count, copied),
        );
      }
    }
  },
});
