import { isAscii, isUtf8 } from 'node:buffer';
import { basename } from 'node:path';
import { AssayError } from '../../../rpc/errors.ts';
import { firstBytes, readable } from './readable.ts';
import type { Reading } from './reading.ts';
import { unreadable } from './untrusted.ts';

const HEAD_BYTES = 64 * 1024;
const NEWLINE = 0x0a;
/** What text without a byte order mark that is not UTF-8 most often is; it gives every byte a meaning. */
const OLD = 'windows-1252';

/** Throws `USAGE` for a name that is none of an encoding (those of the WHATWG are known). */
export function checkEncoding(name: string): void {
  try {
    void new TextDecoder(name);
  } catch (error) {
    throw new AssayError(
      'USAGE',
      `There is no encoding ${JSON.stringify(name)}. Use a name such as utf-8, utf-16le, windows-1252, windows-1251, shift_jis, gb18030 or euc-kr.`,
      { encoding: name },
      error,
    );
  }
}

/**
 * The encoding of a text file, as a name for `TextDecoder`. A byte order mark decides, then the encoding that a person
 * named, then the bytes: UTF-16 by its zero bytes, UTF-8 if it is that. Everything else is Windows-1252, which is noted
 * with an example; but where more lines are UTF-8 than are not, the file is UTF-8 and the others are faulty.
 */
export async function encodingOf(file: string, reading: Reading): Promise<string> {
  const start = await firstBytes(file, HEAD_BYTES);
  if (start.length > 3 && start.readUInt32LE(0) === 0xfeff)
    throw unreadable(file, null, 'UTF-32 text. Save the file as UTF-8.');
  const marked = markOf(start);
  if (marked) return marked;
  if (reading.encoding !== null) return new TextDecoder(reading.encoding).encoding;
  const wide = wideOf(start);
  if (wide) return wide;
  const fault = await firstFault(file);
  if (fault === null || (await isMostlyUtf8(file))) return 'utf-8';
  const text = new TextDecoder(OLD).decode(fault.bytes);
  // oxlint-disable-next-line no-control-regex
  const word = /[^\s,;|"\u0000-\u001F]*[\u0080-\uFFFF][^\s,;|"\u0000-\u001F]*/.exec(text)?.[0] ?? '';
  reading.note(
    `${basename(file)} is not UTF-8, and is read as Windows-1252: line ${fault.line} says ${JSON.stringify(word.slice(0, 60))}. If that is wrong, name its encoding, for instance --encoding shift_jis.`,
  );
  return OLD;
}

/** The text in the first 64 KiB of a file, whatever its encoding; '' if it cannot be read. For detection only. */
export async function head(file: string): Promise<string> {
  try {
    const start = await firstBytes(file, HEAD_BYTES);
    const cut = isUtf8(start) || isUtf8(start.subarray(0, start.lastIndexOf(NEWLINE) + 1));
    const encoding = markOf(start) ?? wideOf(start) ?? (cut ? 'utf-8' : OLD);
    return new TextDecoder(encoding).decode(start);
  } catch {
    return '';
  }
}

/** The encoding that a byte order mark states; null without one. */
export function markOf(start: Buffer): string | null {
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return 'utf-8';
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  return start[0] === 0xfe && start[1] === 0xff ? 'utf-16be' : null;
}

/** UTF-16 without a mark: separators, digits and line ends have a zero byte, always on the same side. */
function wideOf(start: Buffer): string | null {
  const zeros = [0, 0];
  for (let at = start.indexOf(0); at >= 0; at = start.indexOf(0, at + 1)) zeros[at % 2]!++;
  const [even, odd] = zeros as [number, number];
  const few = start.length / 40;
  if (odd > few && odd > 10 * even) return 'utf-16le';
  return even > few && even > 10 * odd ? 'utf-16be' : null;
}

/** The first line that is not UTF-8; null if all are. */
async function firstFault(file: string): Promise<{ line: number; bytes: Buffer } | null> {
  let line = 1;
  for await (const block of byteLines(file)) {
    if (isUtf8(block)) line += newlines(block);
    else
      for (const bytes of linesOf(block)) {
        if (!isUtf8(bytes)) return { line, bytes };
        line++;
      }
  }
  return null;
}

/** Whether more lines beyond ASCII are UTF-8 than are not. Text in another encoding is almost never UTF-8 by chance. */
async function isMostlyUtf8(file: string): Promise<boolean> {
  let balance = 0;
  for await (const block of byteLines(file))
    if (!isAscii(block))
      for (const bytes of linesOf(block)) if (!isAscii(bytes)) balance += isUtf8(bytes) ? 1 : -1;
  return balance > 0;
}

/** Blocks of whole lines, as bytes. */
async function* byteLines(file: string): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  for await (const chunk of readable(file)) {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      yield Buffer.concat([...held, chunk.subarray(0, end)]);
      held = [];
    }
    held.push(chunk.subarray(end));
  }
  yield Buffer.concat(held);
}

function* linesOf(block: Buffer): Generator<Buffer> {
  let start = 0;
  for (let end = block.indexOf(NEWLINE); end >= 0; end = block.indexOf(NEWLINE, start)) {
    yield block.subarray(start, end);
    start = end + 1;
  }
  if (start < block.length) yield block.subarray(start);
}

function newlines(block: Buffer): number {
  let count = 0;
  for (let at = block.indexOf(NEWLINE); at >= 0; at = block.indexOf(NEWLINE, at + 1)) count++;
  return count;
}
