import { isUtf8 } from 'node:buffer';
import { readable } from './readable.ts';
import type { Reading } from './reading.ts';
import { encodingOf } from './text-encoding.ts';
import { unreadable } from './untrusted.ts';

const MAX_LINE_BYTES = 16 * 1024 * 1024;
/** Small, since the rows of a block are in memory together. */
const CHUNK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** Text with the number of its first line, from 1. */
interface Numbered {
  line: number;
  text: string;
}

/**
 * Streams the lines of a text file, without line feeds and byte order mark. With a `reading` the file may have any
 * encoding, and a line with bytes that it does not have is faulty; without one it must be UTF-8. Throws
 * `SOURCE_UNREADABLE` for a line over 16 MiB or, without a reading, one that is not UTF-8.
 */
export async function* textLines(file: string, reading?: Reading): AsyncGenerator<Numbered> {
  for await (const { line, text } of textBlocks(file, reading)) {
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    for (const [i, one] of lines.entries()) yield { line: line + i, text: one };
  }
}

/** Streams whole lines in blocks of about 64 KiB, with their line feeds; otherwise as `textLines`. */
export async function* textBlocks(file: string, reading?: Reading): AsyncGenerator<Numbered> {
  const encoding = reading ? await encodingOf(file, reading) : 'utf-8';
  const decode = decoderOf(encoding);
  const feed = lineFeed(encoding);
  let line = 1;
  let held: Buffer = Buffer.alloc(0);
  /** Decodes lines; those that are not text in this encoding are faulty, and divide the block. */
  function* decoded(block: Buffer): Generator<Numbered> {
    const whole = decode(block);
    if (whole !== null) {
      yield { line, text: line === 1 ? whole.replace(/^\uFEFF/, '') : whole };
      line += count(whole);
      return;
    }
    for (let start = 0; start < block.length;) {
      const end = nextFeed(block, start, feed);
      const text = decode(block.subarray(start, end));
      if (text !== null) yield { line, text: line === 1 ? text.replace(/^\uFEFF/, '') : text };
      else {
        const problem =
          encoding === 'utf-8' ? 'not UTF-8 text. Save the file as UTF-8.' : `not text in ${encoding}.`;
        if (!reading) throw unreadable(file, line, problem);
        reading.skip(file, line, problem);
      }
      line++;
      start = end;
    }
  }
  for await (const chunk of readable(file, CHUNK_BYTES)) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const end = lastFeed(held, feed);
    if (end > 0) yield* decoded(held.subarray(0, end));
    held = held.subarray(end);
    if (held.length > MAX_LINE_BYTES) throw unreadable(file, line, 'the line is longer than 16 MiB.');
  }
  if (held.length > 0) yield* decoded(held);
}

/** Decodes bytes; null where they are no text in this encoding. */
function decoderOf(encoding: string): (bytes: Buffer) => string | null {
  if (encoding === 'utf-8') return (bytes) => (isUtf8(bytes) ? bytes.toString('utf8') : null);
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  return (bytes) => {
    try {
      return decoder.decode(bytes);
    } catch {
      return null;
    }
  };
}

function lineFeed(encoding: string): Buffer {
  const { encoding: name } = new TextDecoder(encoding);
  if (name === 'utf-16le') return Buffer.of(NEWLINE, 0);
  return name === 'utf-16be' ? Buffer.of(0, NEWLINE) : Buffer.of(NEWLINE);
}

/** The index behind the last line feed, or 0. Those of two bytes begin at even places. */
function lastFeed(bytes: Buffer, feed: Buffer): number {
  let at = bytes.lastIndexOf(feed);
  while (at >= 0 && at % feed.length > 0) at = at === 0 ? -1 : bytes.lastIndexOf(feed, at - 1);
  return at < 0 ? 0 : at + feed.length;
}

/** The index behind the first line feed from `start` on, or the end. */
function nextFeed(bytes: Buffer, start: number, feed: Buffer): number {
  let at = bytes.indexOf(feed, start);
  while (at >= 0 && (at - start) % feed.length > 0) at = bytes.indexOf(feed, at + 1);
  return at < 0 ? bytes.length : at + feed.length;
}

function count(text: string): number {
  let found = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) found++;
  return found;
}
