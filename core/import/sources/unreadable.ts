import { AssayError } from '../../../rpc/errors.ts';

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
