import { useSyncExternalStore } from 'react';
import type { ReviewState } from './review-state.ts';
import type { SessionStore } from './session-store.ts';

/** A part of the sitting's state: only a change of that part renders again. */
export function useReview<T>(store: SessionStore, part: (state: ReviewState) => T): T {
  return useSyncExternalStore(store.subscribe, () => part(store.state()));
}
