import { queryOptions, useQuery } from '@tanstack/react-query';
import { useCallback, useSyncExternalStore } from 'react';
import type { HandoutOf } from '../rpc/contract/handouts.ts';
import { PERSON_ROLE_WORDS, type Access, type Permission, type SignedIn } from '../rpc/contract/people.ts';
import type { OpenProject } from '../rpc/contract/projects.ts';
import { core } from './client.ts';
import { useAddressedProject } from './jobs.ts';
import { useSettings } from './settings.tsx';
import { signedIn } from './signed-in.ts';

const REFRESH_MS = 10_000;

/** The project at an address, as it is open. */
export const openQuery = (folder: string | null) =>
  queryOptions({
    queryKey: ['project', folder] as const,
    queryFn: async ({ client, queryKey }): Promise<OpenProject> => {
      const now = await core.projects.open({ project: folder ?? '' });
      const before = client.getQueryData<OpenProject>(queryKey);
      // Behind the cover, while somebody has to sign in again, what they had open stays as it was.
      return now.key === '' && signedIn.at(folder) && before?.key
        ? { ...now, key: before.key, classes: before.classes }
        : now;
    },
    enabled: folder !== null,
    staleTime: Infinity,
  });

const accessQuery = (folder: string | null) =>
  queryOptions({
    queryKey: ['access', folder] as const,
    queryFn: async ({ signal }): Promise<Access> => {
      const access = await core.people.access({ project: folder ?? '' });
      if (access.signedIn && !signal.aborted) signedIn.refresh(folder ?? '', access.signedIn);
      return access;
    },
    // Also while nobody looks: whoever comes back finds the cover.
    refetchInterval: REFRESH_MS,
    refetchIntervalInBackground: true,
  });

export interface WhoActs {
  /** Whether people sign in to the project on the screen. */
  accounts: boolean;
  /** What the project on the screen is a hand-out of; null where it is none. */
  handout: HandoutOf | null;
  /** Who signed in at this window; null where nobody did, and without accounts. */
  person: SignedIn | null;
  /** Whether they have to sign in again before anything is shown or done. */
  isCovered: boolean;
  /** How the project stands for this window; only with accounts, once it is known. */
  access: Access | undefined;
  /** As it goes on the record: the id that signed in, or the name that was given. Empty while nobody is known. */
  by: string;
}

/** Who acts in the project on the screen: the one home of it. */
export function useWhoActs(): WhoActs {
  const project = useAddressedProject();
  const { settings } = useSettings();
  const { data: open } = useQuery(openQuery(project));
  const accounts = open?.accounts ?? false;
  const handout = open?.handout ?? null;
  const { data: access } = useQuery({ ...accessQuery(project), enabled: accounts });
  const worker = useSyncExternalStore(signedIn.subscribe, () => signedIn.at(project));
  if (!accounts)
    return {
      accounts,
      handout,
      person: null,
      isCovered: false,
      access: undefined,
      // A hand-out is answered by whom it was made for.
      by: handout?.reviewer ?? settings.reviewer,
    };
  const person = worker?.person ?? null;
  const isCovered =
    worker !== null &&
    (worker.isLocked || (access !== undefined && access.signedIn?.id !== worker.person.id));
  return { accounts, handout, person, isCovered, access, by: person?.id ?? '' };
}

const DOES: Record<Permission, string> = {
  look: 'look at this project',
  review: 'review images',
  judge: 'judge, or decide outside of a queue',
  manage: 'run the pipeline',
  sign: 'sign',
  administer: 'administer people',
};

/** Why whoever acts may not do what takes a permission, as a sentence; null where they may. The core has the last word. */
export function useWhyNot(): (needed: Permission) => string | null {
  const { person } = useWhoActs();
  return useCallback(
    (needed) =>
      person === null || person.permissions.includes(needed)
        ? null
        : `As ${person.roles.map((role) => PERSON_ROLE_WORDS[role].title).join(' and ')} you do not ${DOES[needed]}.`,
    [person],
  );
}
