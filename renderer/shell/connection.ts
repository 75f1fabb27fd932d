import { useSyncExternalStore } from 'react';
import { connection, type ConnectionState } from '../client.ts';

const subscribe = (changed: () => void): (() => void) => connection.subscribe(changed);

/** Whether the core can be reached now. */
export function useConnection(): ConnectionState {
  return useSyncExternalStore(subscribe, () => connection.state());
}

/** A sentence where the person has to do something about it. */
export function useConnectionMessage(): string | null {
  return useSyncExternalStore(subscribe, () => connection.message());
}
