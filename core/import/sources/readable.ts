import { createReadStream } from 'node:fs';
import { systemCode, unreadable } from './untrusted.ts';

/** Streams the bytes of a file. Throws `SOURCE_UNREADABLE` when it cannot be opened or read. */
export async function* readable(file: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>;
  } catch (error) {
    throw unreadable(file, null, `the file cannot be read (${systemCode(error)}).`, error);
  }
}
