import type { SchemaElement } from 'hyparquet';
import { EXPORTED_FIELDS, FIELDS, keyOf } from '../../../rpc/contract/fields.ts';
import type { ExportItem } from './define.ts';
import { toRecord } from './record.ts';

export interface Row {
  item: ExportItem;
  image: Uint8Array;
}

type Kind = 'string' | 'int32' | 'int64';

/** The columns beside the image, as Hugging Face names their types. */
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

/** `image` is the struct of bytes and path that Hugging Face's Image feature is stored as. */
export const SCHEMA: SchemaElement[] = [
  { name: 'root', num_children: COLUMNS.length + 1 },
  { name: 'image', repetition_type: 'OPTIONAL', num_children: 2 },
  { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
  leaf('path', 'string'),
  ...COLUMNS.map(([name, kind]) => leaf(name, kind)),
];

/** The `huggingface` entry of a file's metadata, by which its loader decodes images without being told. */
export const FEATURES = JSON.stringify({
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

/** Rows as the columns that the writer takes. Images, compressed already, are stored as they are. */
export function columnsOf(rows: Row[]): Column[] {
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
