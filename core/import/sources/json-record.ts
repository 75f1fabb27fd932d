import { readFile, stat } from 'node:fs/promises';
import { isRecord, messageOf, systemCode, unreadable } from './untrusted.ts';

const MOST_BYTES = 256 * 1024 * 1024;

/**
 * The value of a JSON file that is read whole, such as that of one frame. Throws `SOURCE_UNREADABLE` with file and line
 * where it cannot be read, has over 256 MiB or is no JSON.
 */
export async function jsonValue(file: string): Promise<unknown> {
  let text;
  try {
    if ((await stat(file)).size > MOST_BYTES)
      throw unreadable(file, null, 'the file is larger than 256 MiB.');
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = systemCode(error);
    if (!code?.startsWith('E')) throw error;
    throw unreadable(file, null, `the file cannot be read (${code}).`, error);
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const line = /line (\d+)/.exec(messageOf(error))?.[1];
    throw unreadable(
      file,
      line === undefined ? null : Number(line),
      `no valid JSON: ${messageOf(error)}.`,
      error,
    );
  }
}

/** The object in a JSON file. Throws as `jsonValue`, and where its top is another value. */
export async function jsonRecord(file: string): Promise<Record<string, unknown>> {
  const value = await jsonValue(file);
  if (isRecord(value)) return value;
  throw unreadable(file, null, 'the top of the file should be an object {…}.');
}
