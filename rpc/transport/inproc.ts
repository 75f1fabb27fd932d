import { createRouterClient, type Router } from '@orpc/server';
import type { Contract } from '../contract/index.ts';
import { withClientErrors } from './client-error.ts';
import type { CoreClient } from './client.ts';

export type { CoreClient } from './client.ts';

/** What may stand between a client and its calls: it calls `next`, once or again. */
export type Around = (call: {
  path: readonly string[];
  input: unknown;
  next: () => Promise<unknown>;
}) => Promise<unknown>;

/**
 * A client in the core's own process. Errors arrive exactly as they do over a port or a socket. `around`, where it is
 * given, sees every call and the error that it ends with.
 */
export function connectInProcess<C extends Record<PropertyKey, unknown>>(
  router: Router<Contract, C>,
  context: C,
  around: Around = ({ next }) => next(),
): CoreClient {
  return createRouterClient(router, {
    context,
    interceptors: [(call) => around(call), withClientErrors],
  });
}
