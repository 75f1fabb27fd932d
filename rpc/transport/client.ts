import { createORPCClient, ORPCError, type ClientContext, type ClientLink } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../contract/index.ts';
import { ERRORS } from '../errors.ts';
import { mapErrors } from './client-error.ts';

/** What every host, window and test talks to: the contract as functions. */
export type CoreClient = ContractRouterClient<Contract>;

/** A client at this end of a connection. */
export interface Connection {
  core: CoreClient;
  /** What `core` calls through, for a client that outlives this connection. */
  link: ClientLink<ClientContext>;
  /** Called once when the connection is gone, from whichever side; at once where it already is. */
  onClosed(listener: () => void): void;
  close(): void;
}

/** What a call gets whose connection went, or was gone, before its answer came. */
export function connectionLost(
  message = 'The connection to the core was lost before it answered. Everything it had acknowledged is kept; look whether this was done, and do it again if not.',
): ORPCError<string, unknown> {
  return new ORPCError('CONNECTION_LOST', { status: ERRORS.CONNECTION_LOST.status, message, data: {} });
}

/** A client whose every call goes where `link` says. */
export function clientOf(link: Connection['link']): CoreClient {
  return createORPCClient(link);
}

/** What a call gets that its caller aborted. */
export function cancelled(): ORPCError<string, unknown> {
  return new ORPCError('CANCELLED', {
    status: ERRORS.CANCELLED.status,
    message: 'Stopped. What was done so far is kept.',
    data: {},
  });
}

/** Remembers once, and for those who ask later, that a connection is gone. */
export class Closing {
  readonly #listeners = new Set<() => void>();
  isClosed = false;

  happened(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }

  afterwards(listener: () => void): void {
    if (this.isClosed) listener();
    else this.#listeners.add(listener);
  }
}

/**
 * Around a call on the client's side. What the caller aborts ends as `CANCELLED` and what a lost connection ends as
 * `CONNECTION_LOST`; a connection that is gone already is not written to, since some kinds would swallow it.
 */
export function callOver(closing: Closing) {
  return (call: { signal?: AbortSignal | undefined; next: () => Promise<unknown> }): Promise<unknown> =>
    mapErrors(
      () => (closing.isClosed ? Promise.reject(connectionLost()) : call.next()),
      (thrown) => {
        if (thrown instanceof ORPCError) return thrown;
        if (call.signal?.aborted) return cancelled();
        // A queue that the closing emptied says so a moment before, or a moment after, the closing is noticed here.
        if (closing.isClosed || (thrown instanceof Error && thrown.name === 'AbortError'))
          return connectionLost();
        return thrown instanceof Error ? thrown : new Error(String(thrown));
      },
    );
}
