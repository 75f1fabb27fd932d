import type { SignedIn } from '../rpc/contract/people.ts';
import type { CoreClient } from '../rpc/transport/client.ts';

/** Who works at this window in a project with accounts. */
export interface Worker {
  person: SignedIn;
  /** They locked the window: their session has ended, and what they had open waits for them. */
  isLocked: boolean;
}

/** By the address of the project, and in memory alone: whoever loads the page anew signs in anew. */
const workers = new Map<string, Worker>();
const listeners = new Set<() => void>();

export const signedIn = {
  at: (project: string | null): Worker | null => (project === null ? null : (workers.get(project) ?? null)),
  subscribe: (changed: () => void): (() => void) => {
    listeners.add(changed);
    return () => void listeners.delete(changed);
  },
  take: (project: string, person: SignedIn): void =>
    change(() => workers.set(project, { person, isLocked: false })),
  /** Their name or roles may have changed since they signed in. */
  refresh(project: string, person: SignedIn): void {
    const now = workers.get(project);
    if (!now || now.isLocked || now.person.token !== person.token) return;
    if (JSON.stringify(now.person) !== JSON.stringify(person)) signedIn.take(project, person);
  },
  lock(project: string): void {
    const worker = workers.get(project);
    if (worker) change(() => workers.set(project, { ...worker, isLocked: true }));
  },
  forget: (project: string): void => change(() => workers.delete(project)),
};

function change(act: () => void): void {
  act();
  for (const tell of listeners) tell();
}

/** Says on a new connection who works here. Where a session has ended, the next call says so. */
export async function attachAll(core: CoreClient): Promise<void> {
  for (const [project, { person, isLocked }] of workers)
    if (!isLocked) await core.people.attach({ project, token: person.token }).catch(() => undefined);
}

export const hasWorkers = (): boolean => workers.size > 0;
