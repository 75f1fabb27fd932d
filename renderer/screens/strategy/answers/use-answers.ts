import { useQuery } from '@tanstack/react-query';
import { core } from '../../../client.ts';
import { useProject } from '../../../project.tsx';

/** How people answered the same images, against the newest model. */
export function useAnswers() {
  const { folder, by } = useProject();
  return useQuery({
    queryKey: ['answers', folder, by],
    queryFn: ({ signal }) => core.answers.show({ project: folder, by: by || 'unnamed' }, { signal }),
    retry: false,
  });
}
