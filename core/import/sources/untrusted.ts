import { AssayError } from '../../../rpc/errors.ts';

/** Whether a value from JSON is an object, whose members can then be read. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
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
  const where = line === null ? file : `${file}, line ${line}`;
  return new AssayError(
    'SOURCE_UNREADABLE',
    `${where}: ${problem}`,
    line === null ? { file } : { file, line },
    cause,
  );
}
