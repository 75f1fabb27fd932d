import { useQuery } from '@tanstack/react-query';
import { core } from '../../client.ts';
import { useProject } from '../../project.tsx';

/** How many changes of the policy are shown: the trail has the others. */
const CHANGES = 20;

export function useMixPolicy() {
  const { folder } = useProject();
  return useQuery({
    queryKey: ['mix-policy', folder],
    queryFn: () => core.mixes.policy({ project: folder }),
  });
}

/** What set the policy, newest first; nothing where the trail is closed to whoever reviews. */
export function usePolicyChanges() {
  const { folder, by } = useProject();
  return useQuery({
    queryKey: ['trail', folder, by, 'mix-policy'],
    queryFn: () =>
      core.trail.query({
        project: folder,
        by: by || 'unnamed',
        kinds: ['mix-policy.set'],
        limit: CHANGES,
      }),
    retry: false,
  });
}

/** Mixes on record, newest first. */
export function useMixes() {
  const { folder } = useProject();
  return useQuery({ queryKey: ['mixes', folder], queryFn: () => core.mixes.list({ project: folder }) });
}

export function useRounds() {
  const { folder } = useProject();
  return useQuery({ queryKey: ['rounds', folder], queryFn: () => core.rounds.list({ project: folder }) });
}

type PreviewInput = Parameters<typeof core.mixes.preview>[0];

/** What may be mixed and, with a batch size, the mix that would be made of it. */
export function useMixPreview(wish: Omit<PreviewInput, 'project'>, enabled = true) {
  const { folder } = useProject();
  return useQuery({
    queryKey: ['mix-preview', folder, wish],
    queryFn: ({ signal }) => core.mixes.preview({ project: folder, ...wish }, { signal }),
    enabled,
    placeholderData: (before) => before,
    // Counting a million images takes a while: a count of a minute ago will do.
    staleTime: 60_000,
    retry: false,
  });
}

/** Nothing but the count is asked. */
export const NO_WISH = { realShare: null, batchSize: null };
