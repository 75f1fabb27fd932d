import { QueryClient } from '@tanstack/react-query';
import { errorCode, type ErrorCode } from '../rpc/errors.ts';

/** Asking again gives the same answer: only a connection that was lost is worth a second try. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['CONNECTION_LOST']);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5000,
      retry: (failures, error) => failures < 2 && PASSING.has(errorCode(error)),
      // The core is on this machine: whether there is a network says nothing.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});
