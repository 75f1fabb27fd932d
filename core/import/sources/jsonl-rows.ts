import type { ManifestRow } from './manifest-row.ts';
import { Reading } from './reading.ts';
import { textLines } from './text-lines.ts';
import { isRecord, messageOf } from './untrusted.ts';

/**
 * Streams the objects of a JSON Lines file, skipping blank lines. Integers beyond 2^53, such as seeds, come as decimal
 * text. Lines that are no object are faulty records.
 */
export async function* jsonlRows(file: string, reading = new Reading()): AsyncGenerator<ManifestRow> {
  for await (const { line, text } of textLines(file, reading)) {
    if (text.trim() === '') continue;
    let values: unknown;
    try {
      values = /\d{16}/.test(text) ? JSON.parse(text, exactInteger) : JSON.parse(text);
    } catch (error) {
      reading.skip(file, line, `not JSON: ${messageOf(error)}.`);
      continue;
    }
    if (isRecord(values)) yield { line, values };
    else reading.skip(file, line, 'not a JSON object. Write one object per line.');
  }
}

/** A reviver for `JSON.parse`: an integer beyond 2^53 becomes its decimal text. */
export function exactInteger(_key: string, value: unknown, context?: { source?: string }): unknown {
  const lossy = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
  return lossy && /^-?\d+$/.test(context?.source ?? '') ? context?.source : value;
}
