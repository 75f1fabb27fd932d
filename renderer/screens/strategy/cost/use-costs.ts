import { useQuery } from '@tanstack/react-query';
import { core } from '../../../client.ts';
import { useProject } from '../../../project.tsx';

/** What is asked about; null leaves it to the project. */
export interface CostQuestion {
  images: number | null;
  months: number | null;
  /** Whether the policies are asked too what the next per cent finds. */
  compare: boolean;
}

export const OF_THE_PROJECT: CostQuestion = { images: null, months: null, compare: false };

/** What the three ways cost. Fails with `NOT_READY` where the project has no synthetic image and no volume is asked about. */
export function useCosts(question: CostQuestion) {
  const { folder } = useProject();
  return useQuery({
    queryKey: ['costs', folder, question],
    queryFn: ({ signal }) => core.costs.report({ project: folder, ...question }, { signal }),
    placeholderData: (before) => before,
    retry: false,
  });
}
