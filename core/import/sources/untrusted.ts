import { AssayError } from '../../../rpc/errors.ts';

/** Whether a value from JSON is an object, whose members can then be read. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Whether a value says nothing: writers fill columns that they do not use with 0, false or empty text. */
export function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === 0 || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Whether a value is the area of a box, perhaps rounded or cut off, so that nothing is lost with it. */
export function isAreaOf(area: unknown, box: readonly number[] | null | undefined): boolean {
  const [, , width = NaN, height = NaN] = box ?? [];
  return Math.abs(Number(area) - width * height) <= 1;
}

/** The value of JSON text; null where it is none. */
export function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The code of an operating system's error (`ENOENT`); undefined for anything else that was thrown. */
export function systemCode(thrown: unknown): string | undefined {
  return isRecord(thrown) && typeof thrown['code'] === 'string' ? thrown['code'] : undefined;
}

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Makes a `SOURCE_UNREADABLE` error: `<file>, line <n>: <problem>`. Lines count from 1. */
export function unreadable(file: string, line: number | null, problem: string, cause?: unknown): AssayError {
  return new AssayError(
    'SOURCE_UNREADABLE',
    `${place(file, line)}: ${problem}`,
    line === null ? { file } : { file, line },
    cause,
  );
}

function place(file: string, line: number | null): string {
  return line === null ? file : `${file}, line ${line}`;
}

/** What an error of `unreadable` was made of, where it costs one record and not the import. Throws any other again. */
export function faultOf(thrown: unknown): { file: string; line: number | null; problem: string } {
  if (!(thrown instanceof AssayError) || thrown.code !== 'SOURCE_UNREADABLE') throw thrown;
  const { file, line = null } = thrown.data as { file: string; line?: number };
  return { file, line, problem: thrown.message.slice(place(file, line).length + 2) };
}
