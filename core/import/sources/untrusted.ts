import { AssayError } from '../../../rpc/errors.ts';

/** Whether a value out of JSON is an object, whose members may then be asked for. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** The code of an error of the operating system (`ENOENT`); undefined for anything else that was thrown. */
export function systemCode(thrown: unknown): string | undefined {
  return isRecord(thrown) && typeof thrown['code'] === 'string' ? thrown['code'] : undefined;
}

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The refusal of a dataset whose description cannot be read: `<file>, line <n>: <problem>`. Lines count from 1. */
export function unreadable(file: string, line: number | null, problem: string, cause?: unknown): AssayError {
  const where = line === null ? file : `${file}, line ${line}`;
  return new AssayError(
    'SOURCE_UNREADABLE',
    `${where}: ${problem}`,
    line === null ? { file } : { file, line },
    cause,
  );
}
