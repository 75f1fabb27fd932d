import { createRouterClient, type Router } from '@orpc/server';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../contract/index.ts';
import { clientError } from './client-error.ts';

/** What every host and test talks to: the contract as functions. */
export type CoreClient = ContractRouterClient<Contract>;

/** A client in the core's own process. Errors arrive exactly as they do over a port or a socket. */
export function connectInProcess<C extends Record<PropertyKey, unknown>>(
  router: Router<Contract, C>,
  context: C,
): CoreClient {
  return createRouterClient(router, {
    context,
    interceptors: [
      async (options) => {
        try {
          return await options.next();
        } catch (error) {
          throw clientError(error);
        }
      },
    ],
  });
}
