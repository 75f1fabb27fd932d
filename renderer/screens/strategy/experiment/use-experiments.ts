import { useQuery } from '@tanstack/react-query';
import { core } from '../../../client.ts';
import { useProject } from '../../../project.tsx';

/** Experiments on record, newest first. */
export function useExperiments() {
  const { folder } = useProject();
  return useQuery({
    queryKey: ['experiments', folder],
    queryFn: () => core.experiments.list({ project: folder }),
  });
}

/** One of them with everything that was measured. */
export function useExperiment(id: number) {
  const { folder } = useProject();
  return useQuery({
    queryKey: ['experiment', folder, id],
    queryFn: () => core.experiments.get({ project: folder, id }),
    staleTime: Infinity,
  });
}
