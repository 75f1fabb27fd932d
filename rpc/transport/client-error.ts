import { AsyncIteratorClass, ORPCError, ValidationError } from '@orpc/contract';
import { AssayError, errorCode, ERRORS, plainError } from '../errors.ts';
import { listed } from '../format.ts';

/** Anything thrown in the core, in the form that crosses every transport: a code from the table, a sentence, plain data. */
export function clientError(thrown: unknown): ORPCError<string, unknown> {
  if (thrown instanceof ORPCError) {
    if (!(thrown.cause instanceof ValidationError) || thrown.code !== 'BAD_REQUEST') return thrown;
    const issues = thrown.cause.issues.map(({ path = [], message }) => ({
      at: path.map(String).join('.') || 'input',
      message,
    }));
    return new ORPCError('INVALID_INPUT', {
      status: ERRORS.INVALID_INPUT.status,
      message: `This is no valid value for ${listed([...new Set(issues.map(({ at }) => at))])}: correct it, then try again.`,
      data: { details: issues.map(({ at, message }) => `${at}: ${message}`).join('; ') },
    });
  }
  const error = plainError(thrown);
  const code = errorCode(error);
  return new ORPCError(code, {
    status: ERRORS[code].status,
    message: error.message,
    data: error instanceof AssayError ? error.data : {},
    cause: thrown,
  });
}

/** Wraps a call on the core's side: what it throws, at once or from its stream, leaves as a client's error. */
export function withClientErrors(call: { next: () => Promise<unknown> }): Promise<unknown> {
  return mapErrors(call.next, clientError);
}

/** Runs a call, mapping what it throws and, if it returns a stream, what that throws. */
export async function mapErrors(
  call: () => Promise<unknown>,
  map: (thrown: unknown) => Error,
): Promise<unknown> {
  const mapped = async <T>(step: () => Promise<T>): Promise<T> => {
    try {
      return await step();
    } catch (error) {
      throw map(error);
    }
  };
  const output = await mapped(call);
  if (!isStream(output)) return output;
  return new AsyncIteratorClass(
    () => mapped(() => output.next()),
    async (reason) => {
      if (reason !== 'next') await mapped(async () => output.return?.());
    },
  );
}

function isStream(output: unknown): output is AsyncIterator<unknown> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output && 'next' in output;
}
