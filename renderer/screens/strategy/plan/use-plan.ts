import { useQuery } from '@tanstack/react-query';
import { core } from '../../../client.ts';
import { useProject } from '../../../project.tsx';

/** What to generate next. */
export function usePlan() {
  const { folder } = useProject();
  return useQuery({
    queryKey: ['plan', folder],
    queryFn: ({ signal }) => core.plans.show({ project: folder }, { signal }),
    retry: false,
    // Counting a million images takes a while: a plan of a minute ago will do.
    staleTime: 60_000,
  });
}
