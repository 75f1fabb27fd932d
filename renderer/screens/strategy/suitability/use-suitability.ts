import { useQuery } from '@tanstack/react-query';
import { core } from '../../../client.ts';
import { useProject } from '../../../project.tsx';

/** The answers on record, the evidence as it is now, and the verdict. */
export function useSuitability() {
  const { folder } = useProject();
  return useQuery({
    queryKey: ['suitability', folder],
    queryFn: ({ signal }) => core.suitability.show({ project: folder }, { signal }),
    retry: false,
  });
}
