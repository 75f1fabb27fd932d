import { useQuery } from '@tanstack/react-query';
import { core } from '../../client.ts';
import { reportFailure } from '../../parts/report-failure.ts';
import { useProject } from '../../project.tsx';

/**
 * Adds a class and then says it of the item; undefined where the project does not allow new classes. `onAdded` is told the
 * name as the project writes it.
 */
export function useNewClass(
  onAdded: (label: string, at: number) => void,
): ((name: string, at: number) => void) | undefined {
  const { folder, by } = useProject();
  const { data } = useQuery({
    queryKey: ['classes', folder],
    queryFn: () => core.reviews.classes({ project: folder }),
  });
  if (!data?.newAllowed) return undefined;
  return (name, at) =>
    void core.reviews
      .addClass({ project: folder, by, name })
      .then((label) => onAdded(label, at))
      .catch((error: unknown) => reportFailure('The class was not added', error));
}
