import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { isCrowd, toPixels } from '../../base/boxes.ts';
import type { ExportItem } from './define.ts';
import { type Column, FACTS, FILE_FACTS } from './items.ts';

type Type = Column['type'] | 'image' | 'objects';

/** A column of a Parquet file; it has its type in every split, also where all of it is null. */
export interface TypedColumn<Row extends ExportItem = ExportItem> {
  name: string;
  type: Type;
  of: (item: Row) => unknown;
}

function typed(columns: Readonly<Record<string, Column>>): TypedColumn[] {
  return Object.entries(columns).map(([name, { type, of }]) => ({
    name,
    type,
    of:
      type === 'int64'
        ? (item) => {
            const value = of(item);
            return value === null ? null : BigInt(value);
          }
        : of,
  }));
}

/** Every fact of an image: label and its origin, batch, fields, its file. */
export const FACT_COLUMNS: readonly TypedColumn[] = [
  ...typed(FACTS),
  { name: 'sha256', type: 'string', of: ({ sha256 }) => sha256 },
  ...typed(FILE_FACTS),
];

/** Hugging Face's layout for detection: COCO boxes and their classes by name; null if nobody looked for boxes. */
export const OBJECTS_COLUMN: TypedColumn = {
  name: 'objects',
  type: 'objects',
  of: ({ boxes, width, height }) => {
    const objects = boxes?.filter((box) => !isCrowd(box));
    // Of an image of crowds alone nobody may be told that it shows nothing.
    if (!boxes || !objects || (objects.length === 0 && boxes.length > 0)) return null;
    return {
      bbox: objects.map((box) => toPixels(box, width, height)),
      categories: objects.map(({ label }) => label),
    };
  },
};

function group(name: string, children: number, more: Partial<SchemaElement> = {}): SchemaElement {
  return { name, repetition_type: 'OPTIONAL', num_children: children, ...more };
}

function list(name: string, element: SchemaElement[]): SchemaElement[] {
  return [
    group(name, 1, { converted_type: 'LIST' }),
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    ...element,
  ];
}

function leaf(name: string, type: Column['type'] | 'double' | 'binary'): SchemaElement {
  const repetition_type = 'OPTIONAL';
  if (type === 'string') return { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type };
  const physical = { int32: 'INT32', int64: 'INT64', double: 'DOUBLE', binary: 'BYTE_ARRAY' } as const;
  return { name, type: physical[type], repetition_type };
}

function elementsOf({ name, type }: Pick<TypedColumn, 'name' | 'type'>): SchemaElement[] {
  // As Hugging Face stores its Image feature.
  if (type === 'image') return [group(name, 2), leaf('bytes', 'binary'), leaf('path', 'string')];
  if (type !== 'objects') return [leaf(name, type)];
  const numbers = list('element', [leaf('element', 'double')]);
  return [group(name, 2), ...list('bbox', numbers), ...list('categories', [leaf('element', 'string')])];
}

const value = (dtype: string): object => ({ dtype, _type: 'Value' });

function featureOf({ type }: Pick<TypedColumn, 'type'>): object {
  if (type === 'image') return { _type: 'Image' };
  if (type === 'objects') return { bbox: [[value('float64')]], categories: [value('string')] };
  return value(type);
}

/** Images are compressed already. */
const AS_IS = { codec: 'UNCOMPRESSED', encoding: 'PLAIN', statistics: false } as const;

/** Writes rows into one Parquet file, a row group at a time. */
export class TypedTable<Row extends ExportItem = ExportItem> {
  readonly #columns: readonly TypedColumn<Row>[];
  readonly #bytes = new ByteWriter();
  readonly #file: ParquetWriter;

  constructor(columns: readonly TypedColumn<Row>[], appVersion: string) {
    this.#columns = columns;
    const features = Object.fromEntries(columns.map((column) => [column.name, featureOf(column)]));
    this.#file = new ParquetWriter({
      writer: this.#bytes,
      schema: [{ name: 'root', num_children: columns.length }, ...columns.flatMap(elementsOf)],
      // With it Hugging Face's loader decodes images by itself.
      kvMetadata: [{ key: 'huggingface', value: JSON.stringify({ info: { features } }) }],
      createdBy: `Assay ${appVersion}`,
    });
  }

  /** Returns the bytes of the file so far that were not returned before. `images`: the bytes of each item's file. */
  async rowGroup(items: Row[], images: Uint8Array[] = []): Promise<Uint8Array> {
    const columnData = this.#columns.map(({ name, type, of }) =>
      type === 'image'
        ? { name, data: items.map((item, i) => ({ bytes: images[i], path: item.fileName })), ...AS_IS }
        : { name, data: items.map(of) },
    );
    await this.#file.write({ columnData, rowGroupSize: items.length });
    return this.#written();
  }

  async finish(): Promise<Uint8Array> {
    await this.#file.finish();
    return this.#written();
  }

  #written(): Uint8Array {
    const bytes = this.#bytes.getBytes().slice();
    this.#bytes.index = 0;
    return bytes;
  }
}

const ROW_GROUP_ROWS = 10_000;

/** Every fact of an image, found by the name of its file beside the table; with `objects` if the release has boxes. */
export function fileNameColumns(hasBoxes: boolean): TypedColumn[] {
  const fileName: TypedColumn = { name: 'file_name', type: 'string', of: (item) => item.fileName };
  return [fileName, ...FACT_COLUMNS, ...(hasBoxes ? [OBJECTS_COLUMN] : [])];
}

/** The bytes of a Parquet file of these items, holding 10,000 of them in memory. */
export async function* tableFile<Row extends ExportItem>(
  items: Iterable<Row>,
  columns: readonly TypedColumn<Row>[],
  appVersion: string,
): AsyncGenerator<Uint8Array> {
  const table = new TypedTable(columns, appVersion);
  let rows: Row[] = [];
  for (const item of items) {
    rows.push(item);
    if (rows.length < ROW_GROUP_ROWS) continue;
    yield await table.rowGroup(rows);
    rows = [];
  }
  if (rows.length > 0) yield await table.rowGroup(rows);
  yield await table.finish();
}
