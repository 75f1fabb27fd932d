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
  /** What `core` calls through; for a client that outlives this connection. */
  link: ClientLink<ClientContext>;
  /** Calls the listener once when the connection is gone, whichever side closed it; at once if it already is. */
  onClosed(listener: () => void): void;
  close(): void;
}

/** The error of a call whose connection was lost before the answer came. */
export function connectionLost(
  message = 'The connection to the core was lost before it answered. Everything it had acknowledged is kept; look whether this was done, and do it again if not.',
): ORPCError<string, unknown> {
  return new ORPCError('CONNECTION_LOST', { status: ERRORS.CONNECTION_LOST.status, message, data: {} });
}

/** A client whose calls go through `link`. */
export function clientOf(link: Connection['link']): CoreClient {
  return createORPCClient(link);
}

/** The error of a call that its caller aborted. */
export function cancelled(): ORPCError<string, unknown> {
  return new ORPCError('CANCELLED', {
    status: ERRORS.CANCELLED.status,
    message: 'Stopped. What was done so far is kept.',
    data: {},
  });
}

/** Remembers that a connection is gone, and tells each listener once, also those that ask later. */
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
 * Wraps a call on the client's side. A call that the caller aborts ends as `CANCELLED`, one whose connection is lost as
 * `CONNECTION_LOST`. Nothing is written to a closed connection, since some kinds would swallow it.
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
