import { useSyncExternalStore } from 'react';
import type { Sitting } from './review-state.ts';

/** A part of the sitting's state: only a change of that part renders again. */
export function useReview<T, S extends Sitting>(store: S, part: (state: ReturnType<S['state']>) => T): T {
  return useSyncExternalStore(store.subscribe, () => part(store.state() as ReturnType<S['state']>));
}
