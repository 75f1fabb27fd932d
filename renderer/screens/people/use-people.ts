import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { PersonState } from '../../../rpc/contract/people.ts';
import { core } from '../../client.ts';
import { useProject } from '../../project.tsx';

/** Where an account stands, in words for people. */
export const STATE_WORDS: Record<PersonState, { title: string; meaning: string }> = {
  invited: { title: 'Invited', meaning: 'Has a code, and no password yet.' },
  active: { title: 'Active', meaning: 'Signs in with a password.' },
  reset: { title: 'Reset', meaning: 'Has a new code, and no password until it is used.' },
  locked: { title: 'Locked', meaning: 'After too many wrong passwords.' },
  revoked: { title: 'Closed', meaning: 'For good: the id is never given again.' },
};

/** Everybody who ever had an account, what is on record of them, and what tasks take. */
export function usePeople() {
  const { folder, accounts } = useProject();
  return useQuery({
    queryKey: ['people', folder],
    queryFn: () => core.people.list({ project: folder }),
    enabled: accounts,
  });
}

/** Every guideline that was ever in force, newest first. */
export function useGuidelines() {
  const { folder } = useProject();
  return useQuery({
    queryKey: ['guidelines', folder],
    queryFn: () => core.people.guidelines({ project: folder }),
  });
}

/** An act on people, and what it changes on the screens. */
export function usePeopleAct<Result, Input = void>(
  act: (input: Input) => Promise<Result>,
  onDone?: (result: Result) => void,
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: async (result) => {
      for (const changed of ['people', 'guidelines', 'access', 'sign-off', 'trail'])
        void client.invalidateQueries({ queryKey: [changed] });
      onDone?.(result);
    },
  });
}
