const BLOCK = 512;
const ENCODER = new TextEncoder();

/** The zero blocks that end an archive. */
export const TAR_END = new Uint8Array(2 * BLOCK);

/** Bytes that a file takes in an archive, with its header. */
export const tarBytes = (bytes: number): number => BLOCK + BLOCK * Math.ceil(bytes / BLOCK);

/**
 * A file of a POSIX archive (ustar, IEEE 1003.1): header, content, padding. The same content gives the same bytes: owner
 * and time are zero. `name` is ASCII of at most 100 characters, `content` under 8 GiB.
 */
export function* tarFile(name: string, content: Uint8Array): Generator<Uint8Array> {
  yield header(name, content.length);
  yield content;
  const rest = content.length % BLOCK;
  if (rest > 0) yield new Uint8Array(BLOCK - rest);
}

function header(name: string, bytes: number): Uint8Array {
  if (!/^[\x21-\x7e]{1,100}$/.test(name)) throw new Error(`no name for a file of an archive: ${name}`);
  const block = new Uint8Array(BLOCK);
  const put = (at: number, text: string): void => block.set(ENCODER.encode(text), at);
  const octal = (at: number, value: number, digits: number): void =>
    put(at, value.toString(8).padStart(digits, '0'));
  put(0, name);
  octal(100, 0o644, 7);
  octal(108, 0, 7);
  octal(116, 0, 7);
  octal(124, bytes, 11);
  octal(136, 0, 11);
  put(148, ' '.repeat(8));
  put(156, '0');
  put(257, 'ustar\u000000');
  octal(
    148,
    block.reduce((sum, byte) => sum + byte, 0),
    6,
  );
  block[154] = 0;
  return block;
}
