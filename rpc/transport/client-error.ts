import { ORPCError, ValidationError } from '@orpc/contract';
import { AssayError, errorCode, ERRORS } from '../errors.ts';

/** Anything thrown in the core as what crosses every transport alike: a code from the table, a sentence, plain data. */
export function clientError(thrown: unknown): ORPCError<string, unknown> {
  if (thrown instanceof ORPCError) {
    if (!(thrown.cause instanceof ValidationError) || thrown.code !== 'BAD_REQUEST') return thrown;
    const issues = thrown.cause.issues.map(
      (issue) => `${(issue.path ?? []).map(String).join('.')}: ${issue.message}`,
    );
    return new ORPCError('INVALID_INPUT', {
      status: ERRORS.INVALID_INPUT.status,
      message: issues.join('; '),
      data: { issues },
    });
  }
  const code = errorCode(thrown);
  return new ORPCError(code, {
    status: ERRORS[code].status,
    message: (thrown as Error)?.message ?? String(thrown),
    data: thrown instanceof AssayError ? thrown.data : {},
    cause: thrown,
  });
}
