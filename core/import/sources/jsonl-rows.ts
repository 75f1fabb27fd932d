import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import type { ManifestRow } from './manifest-row.ts';
import { unreadable, isRecord, messageOf, systemCode } from './untrusted.ts';

const MAX_LINE_BYTES = 16 * 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * Streams the objects of a UTF-8 JSON Lines file, skipping blank lines. Integers beyond 2^53, such as seeds, come as
 * decimal text. Throws `SOURCE_UNREADABLE` with the line for anything but an object.
 */
export async function* jsonlRows(file: string): AsyncGenerator<ManifestRow> {
  for await (const { line, text } of textLines(file)) {
    if (text.trim() === '') continue;
    let values: unknown;
    try {
      values = /\d{16}/.test(text) ? JSON.parse(text, exactInteger) : JSON.parse(text);
    } catch (error) {
      throw unreadable(file, line, `not JSON: ${messageOf(error)}.`, error);
    }
    if (!isRecord(values)) throw unreadable(file, line, 'not a JSON object. Write one object per line.');
    yield { line, values };
  }
}

/** A reviver for `JSON.parse`: an integer beyond 2^53 becomes its decimal text. */
export function exactInteger(_key: string, value: unknown, context?: { source?: string }): unknown {
  const lossy = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
  return lossy && /^-?\d+$/.test(context?.source ?? '') ? context?.source : value;
}

/**
 * Streams the lines of a UTF-8 text file with their numbers from 1, without line feeds and byte order mark.
 * Throws `SOURCE_UNREADABLE` for a line over 16 MiB or one that is not UTF-8.
 */
export async function* textLines(file: string): AsyncGenerator<{ line: number; text: string }> {
  let line = 1;
  let pieces: Buffer[] = [];
  let bytes = 0;
  const text = (): string => {
    const whole = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
    if (!isUtf8(whole)) throw unreadable(file, line, 'not UTF-8 text. Save the file as UTF-8.');
    pieces = [];
    bytes = 0;
    const decoded = whole.toString('utf8');
    return line === 1 ? decoded.replace(/^\uFEFF/, '') : decoded;
  };
  for await (const chunk of readable(file)) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      pieces.push(chunk.subarray(start, end));
      yield { line, text: text() };
      line += 1;
      start = end + 1;
    }
    if (start < chunk.length) pieces.push(chunk.subarray(start));
    bytes += chunk.length - start;
    if (bytes > MAX_LINE_BYTES) throw unreadable(file, line, 'the line is longer than 16 MiB.');
  }
  if (pieces.length > 0) yield { line, text: text() };
}

/** Streams the bytes of a file. Throws `SOURCE_UNREADABLE` when it cannot be opened or read. */
export async function* readable(file: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>;
  } catch (error) {
    throw unreadable(file, null, `the file cannot be read (${systemCode(error)}).`, error);
  }
}
