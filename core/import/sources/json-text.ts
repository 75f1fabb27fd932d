import { readable } from './readable.ts';
import { unreadable } from './untrusted.ts';

/**
 * Streams a JSON file as UTF-8. UTF-16 is told by its first bytes, since JSON begins with ASCII; anything else is UTF-8,
 * unless a person named another encoding. Throws `SOURCE_UNREADABLE` for bytes that the encoding does not have; whether
 * UTF-8 is sound is for the reader to check.
 */
export async function* jsonText(file: string, encoding: string | null): AsyncGenerator<Buffer> {
  let decoder: InstanceType<typeof TextDecoder> | null | undefined;
  const text = (chunk?: Buffer): Buffer => {
    try {
      return Buffer.from(decoder!.decode(chunk, { stream: chunk !== undefined }));
    } catch (error) {
      throw unreadable(file, null, `not ${decoder!.encoding} text.`, error);
    }
  };
  for await (const chunk of readable(file)) {
    if (decoder === undefined) {
      const name = wideOf(chunk) ?? encoding ?? 'utf-8';
      const named = new TextDecoder(name, { fatal: true });
      decoder = named.encoding === 'utf-8' ? null : named;
    }
    yield decoder ? text(chunk) : chunk;
  }
  if (decoder) yield text();
}

function wideOf([first, second]: Buffer): string | null {
  if ((first === 0xff && second === 0xfe) || second === 0) return 'utf-16le';
  return (first === 0xfe && second === 0xff) || first === 0 ? 'utf-16be' : null;
}
