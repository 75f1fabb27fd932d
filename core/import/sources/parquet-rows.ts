import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { featureNames, type ClassNames } from './class-names.ts';
import type { ManifestRow } from './manifest-row.ts';
import { messageOf, unreadable } from './untrusted.ts';

/** How many rows are held in memory, unless a row group of the file has more. */
const ROWS_AT_ONCE = 10_000;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
/** A label may begin with a byte order mark, which is dropped otherwise. */
const parsers = { stringFromBytes: (bytes: Uint8Array | undefined) => bytes && decoder.decode(bytes) };

/**
 * Streams the rows of a Parquet file, numbered from 1; 64-bit integers come as decimal text. Throws `SOURCE_UNREADABLE`
 * for a file that is not Parquet, or is compressed in another way than Snappy.
 */
export async function* parquetRows(file: string): AsyncGenerator<ManifestRow> {
  let line = 0;
  try {
    const source = await asyncBufferFromFile(file);
    const metadata = await parquetMetadataAsync(source);
    const count = Number(metadata.num_rows);
    for (let rowStart = 0; rowStart < count; rowStart += ROWS_AT_ONCE) {
      const rowEnd = Math.min(count, rowStart + ROWS_AT_ONCE);
      for (const row of await parquetReadObjects({ file: source, metadata, rowStart, rowEnd, parsers }))
        yield { line: (line += 1), values: plain(row) as Record<string, unknown> };
    }
  } catch (error) {
    throw refusal(file, error);
  }
}

/** The class names that Hugging Face's `datasets` wrote into a Parquet file. Throws as `parquetRows` does. */
export async function parquetClassNames(file: string): Promise<ClassNames> {
  try {
    const { key_value_metadata: pairs } = await parquetMetadataAsync(await asyncBufferFromFile(file));
    return featureNames(pairs?.find(({ key }) => key === 'huggingface')?.value ?? '');
  } catch (error) {
    throw refusal(file, error);
  }
}

function refusal(file: string, error: unknown): Error {
  return unreadable(
    file,
    null,
    `Parquet that cannot be read: ${messageOf(error)}. Write it with Snappy or no compression.`,
    error,
  );
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value === undefined) return null;
  if (value === null || typeof value !== 'object' || value instanceof Date || ArrayBuffer.isView(value))
    return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}
