import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { textLines } from './jsonl-rows.ts';
import { type ManifestRow, columnsOf } from './manifest-row.ts';
import { head } from './source-files.ts';
import { unreadable } from './untrusted.ts';

const MAX_RECORD_CHARACTERS = 16 * 1024 * 1024;
const PIECE_CHARACTERS = 1 << 16;
const DELIMITERS = [',', ';', '\t'];

/** The separator with which the header has a path column; null if none does, so that the file is no manifest. */
export async function csvDelimiter(file: string): Promise<string | null> {
  const header = (await head(file)).split(/\r\n|\r|\n/, 1)[0] ?? '';
  const columns = (delimiter: string): string[] =>
    header.split(delimiter).map((name) => name.trim().replace(/^"|"$/g, ''));
  return DELIMITERS.find((delimiter) => columnsOf(columns(delimiter)).has('path')) ?? null;
}

/**
 * Streams the rows of a CSV file with a header (RFC 4180, UTF-8 with or without BOM; comma, semicolon or tab). Removes
 * the apostrophes that the CSV export put before formulas, where `text_guard` says so. Throws `SOURCE_UNREADABLE` with
 * the line on broken quoting or a row that is longer or shorter than the header.
 */
export async function* csvRows(file: string): AsyncGenerator<ManifestRow> {
  const delimiter = (await csvDelimiter(file)) ?? ',';
  const parser = pipeline(
    Readable.from(pieces(file)),
    parse({
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      info: true,
      skip_empty_lines: true,
      max_record_size: MAX_RECORD_CHARACTERS,
      // An empty field in quotes is an empty text; without quotes it is no value.
      cast: (value, { quoting }) => (value === '' && !quoting ? null : value),
    }),
    // The same error ends the iteration below.
    () => undefined,
  );
  let header: string[] | null = null;
  // The parser counts a CRLF within quotes as two lines.
  let countedTwice = 0;
  try {
    for await (const { info, record } of parser as AsyncIterable<CsvRecord>) {
      for (const field of record) countedTwice += (field?.split('\r\n').length ?? 1) - 1;
      if (!header) {
        header = uniqueHeader(file, record);
        continue;
      }
      const values = Object.fromEntries(header.map((name, i) => [name, record[i] ?? null]));
      const guards = values[GUARD_COLUMN] === GUARD_VALUE;
      yield { line: info.lines - countedTwice, values: guards ? withoutGuards(values) : values };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = 'lines' in error ? Number(error.lines) - countedTwice : null;
    throw unreadable(file, line, `not valid CSV: ${error.message}.`, error);
  }
}

interface CsvRecord {
  info: { lines: number };
  record: (string | null)[];
}

function uniqueHeader(file: string, record: (string | null)[]): string[] {
  const names = record.map((name, i) => name ?? `column ${i + 1}`);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined)
    throw unreadable(file, 1, `the column ${JSON.stringify(twice)} occurs twice. Rename one.`);
  return names;
}

function withoutGuards(values: Record<string, string | null>): Record<string, string | null> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value === null ? null : unguarded(value)]),
  );
}

/** Joins lines into pieces; reading line by line can name the one that is not UTF-8. */
async function* pieces(file: string): AsyncGenerator<string> {
  let piece = '';
  for await (const { text } of textLines(file)) {
    piece += `${text}\n`;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

/**
 * Spreadsheets run cells that begin like a formula. The export puts an apostrophe before such texts and before texts
 * that begin with one, and says so in the column `text_guard` of every row. Reading then removes exactly one, and leaves
 * CSV files from elsewhere alone.
 */
export const GUARD_COLUMN = 'text_guard';
export const GUARD_VALUE = 'apostrophe';

/** = + - @, control characters that spreadsheets skip, and the full-width forms of the four signs. */
// oxlint-disable-next-line no-control-regex
const DANGEROUS = /^['=+\-@\t\r\n\0\uFF1D\uFF0B\uFF0D\uFF20]/;

export function guarded(text: string): string {
  return DANGEROUS.test(text) ? `'${text}` : text;
}

export function unguarded(text: string): string {
  return text.startsWith("'") ? text.slice(1) : text;
}
