import { createRouterClient, type Router } from '@orpc/server';
import type { Contract } from '../contract/index.ts';
import { withClientErrors } from './client-error.ts';
import type { CoreClient } from './client.ts';

export type { CoreClient } from './client.ts';

/** A client in the core's own process. Errors arrive exactly as they do over a port or a socket. */
export function connectInProcess<C extends Record<PropertyKey, unknown>>(
  router: Router<Contract, C>,
  context: C,
): CoreClient {
  return createRouterClient(router, { context, interceptors: [withClientErrors] });
}
