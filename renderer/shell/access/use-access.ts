import { notifications } from '@mantine/notifications';
import { useQueryClient, type Query } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo } from 'react';
import type { Access, SignedIn } from '../../../rpc/contract/people.ts';
import { core, onSignInNeeded } from '../../client.ts';
import { useAddressedProject } from '../../jobs.ts';
import { reportFailure } from '../../parts/report-failure.ts';
import { signedIn } from '../../signed-in.ts';

/** What is the same whoever looks. */
const OF_THE_MACHINE: ReadonlySet<unknown> = new Set(['settings', 'catalog', 'scores', 'folder', 'access']);
const isOfOnePerson = ({ queryKey }: Query): boolean => !OF_THE_MACHINE.has(queryKey[0]);

/** Signing in and out of the project on the screen, and what follows from it in this window. */
export function useAccess() {
  const client = useQueryClient();
  const project = useAddressedProject() ?? '';
  return useMemo(
    () => ({
      project,
      /** Somebody signed in: they go on where they were, or begin where others have stopped. */
      took: (person: SignedIn): void => {
        const before = signedIn.at(project)?.person;
        signedIn.take(project, person);
        client.setQueryData<Access>(
          ['access', project],
          (now) => now && { ...now, accounts: true, signedIn: person, idle: null },
        );
        if (before?.id === person.id) return void client.invalidateQueries();
        void client.resetQueries({ predicate: isOfOnePerson });
        void client.invalidateQueries({ queryKey: ['access', project] });
        if (before)
          notifications.show({
            message: `${person.name} is signed in. What ${before.name} had open and had not saved is dropped.`,
            color: 'accent',
            autoClose: false,
          });
      },
      /** Covers the screen at once; the same person uncovers it. */
      lock: (): void => {
        signedIn.lock(project);
        core.people
          .signOut({ project })
          .catch((error: unknown) => reportFailure('The session goes on', error));
      },
      signOut: (): void => {
        void client.cancelQueries({ queryKey: ['access', project] });
        signedIn.forget(project);
        core.people.signOut({ project }).then(
          () => void client.resetQueries({ predicate: isOfOnePerson }),
          (error: unknown) => reportFailure('The session goes on', error),
        );
      },
    }),
    [client, project],
  );
}

const ACTIVE_MS = 30_000;
const INPUT = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;

/** Tells the core that the person is there, as long as they move or type. */
export function usePresence(isThere: boolean): void {
  const project = useAddressedProject();
  useEffect(() => {
    if (!isThere || project === null) return undefined;
    let toldMs = 0;
    const tell = (): void => {
      if (performance.now() - toldMs < ACTIVE_MS) return;
      toldMs = performance.now();
      // A connection that is gone is shown where it always is, and whoever was idle is asked to sign in.
      core.people.active({ project }).catch(() => undefined);
    };
    for (const kind of INPUT) window.addEventListener(kind, tell, { passive: true });
    return () => {
      for (const kind of INPUT) window.removeEventListener(kind, tell);
    };
  }, [isThere, project]);
}

/** Looks again who may be here whenever a call was refused for want of somebody. */
export function useSignInNeeded(): void {
  const client = useQueryClient();
  const look = useCallback(() => {
    for (const kind of ['access', 'project']) void client.invalidateQueries({ queryKey: [kind] });
  }, [client]);
  useEffect(() => onSignInNeeded(look), [look]);
}
