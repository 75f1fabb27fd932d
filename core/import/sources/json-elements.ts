import { isUtf8 } from 'node:buffer';
import { exactInteger } from './jsonl-rows.ts';
import { jsonText } from './json-text.ts';
import { unreadable, messageOf } from './untrusted.ts';

const MAX_ELEMENT_BYTES = 64 * 1024 * 1024;
const [QUOTE, BACKSLASH, NEWLINE, COMMA, COLON] = [0x22, 0x5c, 0x0a, 0x2c, 0x3a];
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

export interface JsonElement {
  /** The member of the top-level object whose array this is an element of. */
  key: string;
  value: unknown;
  line: number;
  /** Values NaN, Infinity and -Infinity in it, which JSON does not have and Python writes: they were read as null. */
  noNumbers: number;
}

const NOT_UTF8 =
  'not UTF-8 text. Save the file as UTF-8, or name its encoding, for instance --encoding windows-1252.';

/** Bytes of one JSON value, whose end is found by counting brackets outside of strings. */
class Capture {
  readonly line: number;
  readonly key: string | null;
  /** Line feeds passed over so far. */
  newlines = 0;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;

  constructor(key: string | null, line: number) {
    this.key = key;
    this.line = line;
  }

  /**
   * Reads on from byte `from`: the index after the value's last byte, or -1 where it goes on in the next chunk. A loop
   * over plain variables, since every byte of a file passes through here.
   */
  scan(chunk: Buffer, from: number): number {
    let [depth, inString, escaped] = [this.#depth, this.#inString, this.#escaped];
    let end = -1;
    for (let i = from; i < chunk.length && end < 0; i += 1) {
      const byte = chunk[i]!;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) {
          inString = false;
          if (depth === 0) end = i + 1;
        }
      } else if (byte === QUOTE) inString = true;
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth += 1;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        // Where nothing is open, a number, true, false or null ends before the bracket.
        if (depth <= 1) end = depth === 0 ? i : i + 1;
        depth -= 1;
      } else if (byte === NEWLINE) {
        if (depth === 0) end = i;
        else this.newlines += 1;
      } else if (depth === 0 && (byte === COMMA || isSpace(byte))) end = i;
    }
    [this.#depth, this.#inString, this.#escaped] = [depth, inString, escaped];
    return end;
  }

  keep(piece: Buffer, file: string): void {
    if (this.key === null) return;
    this.#bytes += piece.length;
    if (this.#bytes > MAX_ELEMENT_BYTES)
      throw unreadable(file, this.line, 'one JSON value is larger than 64 MiB.');
    this.#pieces.push(piece);
  }

  parsed(file: string): { value: unknown; noNumbers: number } {
    const whole = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
    if (!isUtf8(whole)) throw unreadable(file, this.line, NOT_UTF8);
    const text = whole.toString('utf8');
    try {
      return { value: valueOf(text), noNumbers: 0 };
    } catch (error) {
      let noNumbers = 0;
      const mended = text.replaceAll(STRING_OR_NO_NUMBER, (found) => {
        if (found.startsWith('"')) return found;
        noNumbers += 1;
        return 'null';
      });
      try {
        if (noNumbers > 0) return { value: valueOf(mended), noNumbers };
      } catch {
        // The first fault is the one to name.
      }
      throw unreadable(file, this.line, `not JSON: ${messageOf(error)}.`, error);
    }
  }
}

const STRING_OR_NO_NUMBER = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/gs;

/** Integers beyond 2^53, such as ids made of a time, come as decimal text. */
function valueOf(text: string): unknown {
  return /(?<![.\d])\d{16}/.test(text) ? JSON.parse(text, exactInteger) : JSON.parse(text);
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === NEWLINE || byte === 0x0d || byte === 0x09;
}

/**
 * The elements of the top-level arrays named in `keys`, in file order, from a JSON file whose top level is one object.
 * The file is never held whole: memory is one element. Yields per chunk read. Throws `SOURCE_UNREADABLE` with the line
 * where the text is not JSON or ends early. `seen`, where given, takes the names of those arrays, empty ones too. `encoding` is
 * that which a person named. Why no library: docs/decisions/0015-own-code-that-stays.md.
 */
export async function* arrayElements(
  file: string,
  keys: ReadonlySet<string>,
  { seen, encoding = null }: { seen?: Set<string>; encoding?: string | null } = {},
): AsyncGenerator<JsonElement[]> {
  let line = 1;
  let state: 'start' | 'key' | 'colon' | 'value' | 'element' | 'next' | 'end' = 'start';
  // Behind a comma another member or element must come.
  let mayClose = true;
  let key = '';
  let inArray = false;
  // The text is an array, and no object.
  let isList = false;
  let capture: Capture | null = null;
  const refuse = (byte: number): Error =>
    unreadable(file, line, `not JSON: ${JSON.stringify(String.fromCharCode(byte))} is out of place here.`);

  for await (let chunk of jsonText(file, encoding)) {
    if (line === 1 && state === 'start' && chunk[0] === 0xef) chunk = chunk.subarray(3);
    const elements: JsonElement[] = [];
    for (let i = 0; i < chunk.length; i += 1) {
      if (capture) {
        const begin = i;
        const end: number = capture.scan(chunk, begin);
        capture.keep(chunk.subarray(begin, end < 0 ? chunk.length : end), file);
        if (end < 0) break;
        line += capture.newlines;
        if (state === 'key') {
          key = String(capture.parsed(file).value);
          state = 'colon';
        } else {
          if (capture.key !== null) elements.push({ key, ...capture.parsed(file), line: capture.line });
          state = 'next';
        }
        capture = null;
        i = end;
        if (i === chunk.length) break;
      }
      const byte = chunk[i]!;
      if (byte === NEWLINE) line += 1;
      if (isSpace(byte)) continue;
      if (state === 'start') {
        isList = byte === OPEN_ARRAY && keys.has('');
        if (byte !== OPEN_OBJECT && !isList) throw refuse(byte);
        state = isList ? 'element' : 'key';
        inArray = isList;
      } else if (state === 'key') {
        if (byte === QUOTE) {
          capture = new Capture('', line);
          i -= 1;
        } else if (byte === CLOSE_OBJECT && mayClose) state = 'end';
        else throw refuse(byte);
      } else if (state === 'colon') {
        if (byte !== COLON) throw refuse(byte);
        state = 'value';
      } else if (state === 'next') {
        if (byte === COMMA) {
          state = inArray ? 'element' : 'key';
          mayClose = false;
        } else if (byte === CLOSE_ARRAY && isList) state = 'end';
        else if (byte === CLOSE_ARRAY && inArray) inArray = false;
        else if (byte === CLOSE_OBJECT && !inArray) state = 'end';
        else throw refuse(byte);
      } else if (state === 'end') throw refuse(byte);
      else if (state === 'value' && byte === OPEN_ARRAY && keys.has(key)) {
        seen?.add(key);
        inArray = true;
        mayClose = true;
        state = 'element';
      } else if (state === 'element' && byte === CLOSE_ARRAY && mayClose) {
        inArray = false;
        state = isList ? 'end' : 'next';
      } else if (byte === COMMA || byte === COLON || byte === CLOSE_ARRAY || byte === CLOSE_OBJECT)
        throw refuse(byte);
      else {
        capture = new Capture(state === 'element' ? key : null, line);
        i -= 1;
      }
    }
    yield elements;
  }
  if (state !== 'end') throw unreadable(file, line, 'the JSON text ends early: the file is cut off.');
}
