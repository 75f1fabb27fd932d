import { parse } from 'csv-parse/sync';
import { CsvError } from 'csv-parse';
import { basename } from 'node:path';
import { csvShape, isNumbering, type CsvShape } from './csv-shape.ts';
import type { ManifestRow } from './manifest-row.ts';
import { Reading } from './reading.ts';
import { isImageName } from './source-files.ts';
import { textBlocks } from './text-lines.ts';
import { unreadable } from './untrusted.ts';
import { counted } from '../../../rpc/format.ts';

/** A row that is longer has an open quote. */
const MAX_RECORD_CHARACTERS = 1024 * 1024;
/** A cell over so many lines is named, since an open quote may have taken rows into it. */
const MANY_LINES = 50;

/**
 * Streams the rows of a table: RFC 4180, in any encoding, with comma, semicolon, tab, bar or the separator that it
 * states, or with blanks in a .txt file. Cells and names are trimmed, those in quotes are exact. Rows with broken quotes
 * or with another number of cells than columns are faulty records. Removes the apostrophes that the CSV export put before
 * formulas, where `text_guard` says so. Two columns without a header are image and label. Throws `SOURCE_UNREADABLE`
 * where there is no header and any other number of columns, or a column occurs twice.
 */
export async function* csvRows(file: string, reading = new Reading()): AsyncGenerator<ManifestRow> {
  const shape = await csvShape(file);
  if (!shape)
    throw unreadable(file, null, 'no column holds the paths of images. Name one of the columns `path`.');
  let header = shape.header ? null : namesWithout(file, shape, reading);
  for await (const { line, cells } of records(file, shape, reading)) {
    if (!header) {
      header = uniqueHeader(file, line, cells);
      continue;
    }
    const values: ManifestRow['values'] = {};
    for (let i = 0; i < header.length; i++) values[header[i]!] = cells[i] ?? null;
    const extra = cells.length > header.length && cells.slice(header.length).some((cell) => cell !== null);
    if (extra || cells.length < header.length) {
      const found = cells.length === 1 ? '1 cell' : `${cells.length} cells`;
      reading.skip(
        file,
        line,
        `the row has ${found} for ${counted(header.length, 'column')}. Put texts that hold the separator in quotes.`,
      );
    } else yield { line, values: values[GUARD_COLUMN] === GUARD_VALUE ? withoutGuards(values) : values };
  }
}

interface CsvRecord {
  line: number;
  cells: (string | null)[];
}

/** The records of a file in order, with the line in which each ends; blank ones are left out. */
async function* records(file: string, shape: CsvShape, reading: Reading): AsyncGenerator<CsvRecord> {
  let held = '';
  let line = 1;
  let starts = true;
  for await (const block of textBlocks(file, reading)) {
    // A line that is not text in its encoding divides the blocks.
    if (held === '') line = block.line;
    held += block.text;
    if (starts && shape.saysSeparator) {
      held = held.slice(held.indexOf('\n') + 1);
      line++;
    }
    starts = false;
    yield* take(false);
  }
  yield* take(true);

  /** Parses what is complete of `held`; at the end of the file, all of it. */
  function* take(atEnd: boolean): Generator<CsvRecord> {
    while (held !== '') {
      const end = completeUntil(held, shape.delimiter, atEnd);
      if (end === 0 && !atEnd && held.length <= MAX_RECORD_CHARACTERS) return;
      const text = held.slice(0, end);
      const { found, isBroken, bytes } = parsed(text, line, shape.delimiter);
      yield* tell(found);
      pass(isBroken ? Buffer.from(text).toString('utf8', 0, bytes).length : end);
      if (isBroken || end === 0) yield* one();
    }
  }

  /** Parses the first record alone, or leaves out its first line: the lines after a broken one are rows of their own. */
  function* one(): Generator<CsvRecord> {
    const lineEnd = held.indexOf('\n') + 1 || held.length;
    const recordEnd = endOfRecord(held, lineEnd);
    const alone = recordEnd < 0 ? null : parsed(held.slice(0, recordEnd), line, shape.delimiter);
    if (alone && !alone.isBroken) yield* tell(alone.found);
    else reading.skip(file, line, `not valid CSV: ${alone?.problem ?? 'a quote is opened and not closed'}.`);
    pass(alone?.isBroken === false ? recordEnd : lineEnd);
  }

  function pass(characters: number): void {
    line += lineCount(held.slice(0, characters));
    held = held.slice(characters);
  }

  function* tell(found: Parsed[]): Generator<CsvRecord> {
    for (const { line: at, lines, cells } of found) {
      if (lines > MANY_LINES)
        reading.note(
          `${basename(file)}, line ${at}: one row runs over ${lines} lines, up to here. If it should not, a quote is missing in its first line.`,
        );
      if (cells.some((cell) => cell !== null)) yield { line: at, cells };
    }
  }
}

interface Parsed extends CsvRecord {
  /** Over how many lines it runs. */
  lines: number;
}

interface ParsedText {
  /** The records before the first broken one. */
  found: Parsed[];
  isBroken: boolean;
  /** What is wrong with the broken one. */
  problem: string;
  /** The length of the text before it, in UTF-8. */
  bytes: number;
}

/** Parses whole records, the first of which begins in `line`, up to the first that is broken. */
function parsed(text: string, line: number, delimiter: string): ParsedText {
  const found: Parsed[] = [];
  const result = { found, isBroken: false, problem: '', bytes: 0 };
  if (delimiter === ' ') {
    for (const [i, one] of text.split('\n').entries())
      if (one.trim() !== '') found.push({ line: line + i, lines: 1, cells: one.trim().split(/[ \t]+/) });
    return result;
  }
  // The parser counts a CRLF within quotes as two lines.
  let countedTwice = 0;
  try {
    parse(text, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
      // An empty field in quotes is an empty text; without quotes it is no value.
      cast: (value, { quoting }) => (value === '' && !quoting ? null : value),
      on_record: (cells: (string | null)[], info) => {
        let lines = 1;
        for (const cell of cells)
          if (cell?.includes('\n')) {
            countedTwice += cell.split('\r\n').length - 1;
            lines += cell.split('\n').length - 1;
          }
        result.bytes = info.bytes;
        found.push({ line: line - 1 + info.lines - countedTwice, lines, cells });
        return null;
      },
    });
    return result;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const problem = error.message.replace(/ at line \d+/, '').replace(/^./, (first) => first.toLowerCase());
    return { ...result, isBroken: true, problem };
  }
}

/** The index behind the last line end that is in no quotes; 0 if there is none. */
function completeUntil(text: string, delimiter: string, atEnd: boolean): number {
  const lastEnd = atEnd ? text.length : text.lastIndexOf('\n') + 1;
  if (delimiter === ' ') return lastEnd;
  let quotes = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) quotes++;
  if (quotes % 2 === 0) return lastEnd;
  // Line ends with an odd number of quotes behind them are those of rows.
  let quote = text.lastIndexOf('"');
  while (quote >= 0) {
    const before = quote === 0 ? -1 : text.lastIndexOf('"', quote - 1);
    const end = text.lastIndexOf('\n', quote);
    if (end > before && end >= 0) return end + 1;
    if (before <= 0) return 0;
    quote = text.lastIndexOf('"', before - 1);
  }
  return 0;
}

/** The index behind the first line end from `lineEnd` on at which no quote is open; -1 if there is none. */
function endOfRecord(text: string, lineEnd: number): number {
  let isOpen = false;
  let end = lineEnd;
  for (let at = 0; ;) {
    const quote = text.indexOf('"', at);
    if (quote >= 0 && quote < end) {
      isOpen = !isOpen;
      at = quote + 1;
    } else if (!isOpen) return end;
    else if (quote < 0 || quote > MAX_RECORD_CHARACTERS) return -1;
    else end = text.indexOf('\n', quote) + 1 || text.length;
  }
}

function lineCount(text: string): number {
  return text.match(text.includes('\n') ? /\n/g : /\r/g)?.length ?? 0;
}

/** The names of two columns without a header. */
function namesWithout(file: string, shape: CsvShape, reading: Reading): string[] {
  const cells = shape.rows[0] ?? [];
  const count = cells.length;
  if (count !== 2) {
    const names = count === 6 ? 'path,xmin,ymin,xmax,ymax,class' : 'path,label,split';
    throw unreadable(
      file,
      1,
      `the table has no header, and its ${count} columns can mean many things. Add a first line that names them, such as \`${names}\`.`,
    );
  }
  if (isNumbering(shape))
    throw unreadable(
      file,
      1,
      'the table has no header, and numbers its images instead of labelling them. Add a first line that names its columns, such as `number,path`.',
    );
  const isFirst = isImageName(cells[0]!);
  reading.note(
    `${basename(file)} has no header: its ${isFirst ? 'first' : 'second'} column is read as the image, the other as the label.`,
  );
  return isFirst ? ['path', 'label'] : ['label', 'path'];
}

function uniqueHeader(file: string, line: number, record: (string | null)[]): string[] {
  const names = record.map((name, i) => name ?? `column ${i + 1}`);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined)
    throw unreadable(file, line, `the column ${JSON.stringify(twice)} occurs twice. Rename one.`);
  return names;
}

function withoutGuards(values: ManifestRow['values']): ManifestRow['values'] {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? unguarded(value) : value,
    ]),
  );
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
