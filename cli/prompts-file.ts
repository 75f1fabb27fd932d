import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { AssayError } from '../rpc/errors.ts';

const COLUMNS = ['class', 'prompt'];

/**
 * Prompts from a CSV file with the columns `class` and `prompt`, several rows for a class where it has several.
 * Throws SOURCE_UNREADABLE where it cannot be read, INVALID_INPUT where it is no such table.
 */
export function readPrompts(file: string): { label: string; prompt: string }[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    const why = (thrown as Error).message;
    throw new AssayError('SOURCE_UNREADABLE', `${file} cannot be read: ${why}.`, { file }, thrown);
  }
  const wrong = (what: string, cause?: unknown): AssayError =>
    new AssayError('INVALID_INPUT', `${file} ${what}.`, { file }, cause);
  let rows: string[][];
  try {
    rows = parse(text, { bom: true, skip_empty_lines: true, trim: true });
  } catch (thrown) {
    throw wrong(`is not CSV: ${(thrown as Error).message}`, thrown);
  }
  const [header, ...body] = rows;
  const [label, prompt] = COLUMNS.map((name) => header?.indexOf(name) ?? -1);
  if (label! < 0 || prompt! < 0)
    throw wrong('must begin with a line that names the columns class and prompt');
  return body.map((row, i) => {
    if (!row[prompt!]) throw wrong(`has no prompt in row ${i + 2}`);
    return { label: row[label!]!, prompt: row[prompt!]! };
  });
}
