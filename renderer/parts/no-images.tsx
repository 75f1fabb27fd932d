import { Link } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import { core } from '../client.ts';
import { projectParams, useProject } from '../project.tsx';
import { Empty } from './states.tsx';

/** Whether the project is known to have no image yet. */
export function useHasNoImages(): boolean {
  const { folder } = useProject();
  const status = useQuery({
    queryKey: ['status', folder],
    queryFn: () => core.projects.status({ project: folder }),
  });
  return status.data?.counts.images === 0;
}

/** In place of a screen that has nothing to work on before the first import. */
export function NoImages({ body }: { body: string }) {
  const { folder } = useProject();
  return (
    <Empty
      title="There are no images yet"
      body={body}
      action={
        <Link to="/p/$folder/import" params={projectParams(folder)}>
          Import images
        </Link>
      }
    />
  );
}
