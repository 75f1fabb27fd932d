import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { EXPORTED_FIELDS, FIELDS, keyOf } from '../../../rpc/contract/fields.ts';
import { type ExportItem, defineExport, type ExportJob } from './define.ts';
import { itemsOf, toRecord, survey } from './items.ts';
import { uniqueNames, wordName } from './names.ts';
import { readOriginal } from './original.ts';

interface Row {
  item: ExportItem;
  image: Uint8Array;
}

type Kind = 'string' | 'int32' | 'int64';

/** Hugging Face's types of all columns but the image. */
const KINDS = {
  label: 'string',
  sha256: 'string',
  given_label: 'string',
  origin: 'string',
  reviewer: 'string',
  decided_at: 'string',
  role: 'string',
  batch: 'string',
  ...Object.fromEntries(
    EXPORTED_FIELDS.map((id) => [keyOf(id), FIELDS[id].kind === 'integer' ? 'int32' : 'string'] as const),
  ),
  original_path: 'string',
  format: 'string',
  bytes: 'int64',
  width: 'int32',
  height: 'int32',
  boxes: 'string',
} satisfies Record<string, Kind>;
const COLUMNS = Object.entries<Kind>(KINDS);

function leaf(name: string, kind: Kind): SchemaElement {
  if (kind === 'int32') return { name, type: 'INT32', repetition_type: 'OPTIONAL' };
  if (kind === 'int64') return { name, type: 'INT64', repetition_type: 'OPTIONAL' };
  return { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' };
}

/** `image` is a struct of bytes and path, as Hugging Face stores its Image feature. */
const SCHEMA: SchemaElement[] = [
  { name: 'root', num_children: COLUMNS.length + 1 },
  { name: 'image', repetition_type: 'OPTIONAL', num_children: 2 },
  { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
  leaf('path', 'string'),
  ...COLUMNS.map(([name, kind]) => leaf(name, kind)),
];

/** The `huggingface` entry of the file's metadata; with it the loader decodes images by itself. */
const FEATURES = JSON.stringify({
  info: {
    features: {
      image: { _type: 'Image' },
      ...Object.fromEntries(COLUMNS.map(([name, dtype]) => [name, { dtype, _type: 'Value' }])),
    },
  },
});

interface Column {
  name: string;
  data: unknown[];
  codec?: 'UNCOMPRESSED';
  encoding?: 'PLAIN';
  statistics?: boolean;
}

/** Turns rows into the writer's columns. Images are compressed already and stored uncompressed. */
function columnsOf(rows: Row[]): Column[] {
  const records = rows.map(({ item }): Record<string, unknown> => ({
    ...toRecord(item, item.fileName),
    bytes: BigInt(item.bytes),
    boxes: item.boxes && JSON.stringify(item.boxes),
  }));
  const image = rows.map((row) => ({ bytes: row.image, path: row.item.fileName }));
  return [
    { name: 'image', data: image, codec: 'UNCOMPRESSED', encoding: 'PLAIN', statistics: false },
    ...COLUMNS.map(([name]) => ({ name, data: records.map((record) => record[name]) })),
  ];
}

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
