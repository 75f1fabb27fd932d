import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { systemCode, unreadable } from './untrusted.ts';

/** Streams the bytes of a file in chunks of `size`. Throws `SOURCE_UNREADABLE` when it cannot be opened or read. */
export async function* readable(file: string, size = 1 << 18): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file, { highWaterMark: size }) as AsyncIterable<Buffer>;
  } catch (error) {
    throw unreadable(file, null, `the file cannot be read (${systemCode(error)}).`, error);
  }
}

/** The first bytes of a file, `size` at most. Throws `SOURCE_UNREADABLE` when it cannot be opened. */
export async function firstBytes(file: string, size: number): Promise<Buffer> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw unreadable(file, null, `the file cannot be read (${systemCode(error)}).`, error);
  });
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(size), 0, size, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
