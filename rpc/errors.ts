/**
 * The one table of errors: codes that clients may switch on, with the command's exit status and the browser host's HTTP
 * status. Clients read `code`, never `instanceof`, because errors cross processes.
 */
export const ERRORS = {
  USAGE: { exit: 2, status: 400 },
  INVALID_INPUT: { exit: 2, status: 422 },
  NOT_FOUND: { exit: 3, status: 404 },
  ALREADY_EXISTS: { exit: 4, status: 409 },
  NOT_A_PROJECT: { exit: 5, status: 422 },
  PROJECT_NEWER: { exit: 6, status: 409 },
  PROJECT_LOCKED: { exit: 7, status: 423 },
  PROJECT_DAMAGED: { exit: 8, status: 500 },
  DISK_FULL: { exit: 9, status: 507 },
  SOURCE_UNREADABLE: { exit: 10, status: 422 },
  MODEL_REFUSED: { exit: 11, status: 422 },
  INFERENCE_FAILED: { exit: 12, status: 500 },
  NOT_READY: { exit: 13, status: 409 },
  DECISION_REFUSED: { exit: 14, status: 422 },
  EXPORT_REFUSED: { exit: 15, status: 422 },
  VERIFY_FAILED: { exit: 16, status: 409 },
  UNSUPPORTED_RUNTIME: { exit: 17, status: 500 },
  CONNECTION_LOST: { exit: 18, status: 503 },
  PROJECT_READ_ONLY: { exit: 19, status: 403 },
  RECORD_DIFFERS: { exit: 20, status: 409 },
  SIGN_IN_NEEDED: { exit: 21, status: 401 },
  NOT_ALLOWED: { exit: 22, status: 403 },
  COLLAPSE_ALARM: { exit: 23, status: 409 },
  INTERNAL: { exit: 70, status: 500 },
  CANCELLED: { exit: 130, status: 499 },
} as const satisfies Record<string, { exit: number; status: number }>;

export type ErrorCode = keyof typeof ERRORS;

/** An error with a code to switch on, and a sentence that names the thing and the remedy. */
export class AssayError extends Error {
  readonly code: ErrorCode;
  readonly data: Record<string, unknown>;

  constructor(code: ErrorCode, message: string, data: Record<string, unknown> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AssayError';
    this.code = code;
    this.data = data;
  }
}

/**
 * Whether a project was refused for writing, and can still be read: another process has it, its folder is read-only, or
 * its record is not the one that is known.
 */
export function canOnlyBeRead(thrown: unknown): boolean {
  return ['PROJECT_LOCKED', 'PROJECT_READ_ONLY', 'RECORD_DIFFERS'].includes(errorCode(thrown));
}

const DEFECT =
  'Assay made a mistake of its own here. What was saved is kept: try again, and if it happens again, report it with the details.';

/**
 * Anything thrown, as people should meet it: errors of the table as they are, all others as a defect in one plain
 * sentence, with the text of whatever library threw it as `data.details`.
 */
export function plainError(thrown: unknown): Error {
  if (hasCode(thrown)) return thrown;
  const details = thrown instanceof Error ? thrown.message : String(thrown);
  return new AssayError('INTERNAL', DEFECT, { details }, thrown);
}

/** What only helps to mend an error: the text of a library, where there is one, and the code. */
export function detailsOf(thrown: unknown): string {
  const { details } = ((thrown as { data?: unknown } | null)?.data ?? {}) as { details?: unknown };
  return typeof details === 'string' ? `${details} (${errorCode(thrown)})` : errorCode(thrown);
}

/** Returns the code of anything thrown: its own if it is in the table, else `INTERNAL`. */
export function errorCode(thrown: unknown): ErrorCode {
  return hasCode(thrown) ? thrown.code : 'INTERNAL';
}

/** Errors of the table, whichever process they come from. */
function hasCode(thrown: unknown): thrown is Error & { code: ErrorCode } {
  const code = (thrown as { code?: unknown } | null)?.code;
  return typeof code === 'string' && code in ERRORS;
}
