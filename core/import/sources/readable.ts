import { createReadStream } from 'node:fs';
import { systemCode, unreadable } from './untrusted.ts';

/** Streams the bytes of a file in chunks of `size`. Throws `SOURCE_UNREADABLE` when it cannot be opened or read. */
export async function* readable(file: string, size = 1 << 18): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file, { highWaterMark: size }) as AsyncIterable<Buffer>;
  } catch (error) {
    throw unreadable(file, null, `the file cannot be read (${systemCode(error)}).`, error);
  }
}
