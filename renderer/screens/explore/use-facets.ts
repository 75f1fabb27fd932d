import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ImageFilter } from '../../../rpc/contract/images.ts';
import { core } from '../../client.ts';

/** How many images there are of each choice under a filter; the counts before stay until the next are there. */
export function useFacets(project: string, filter: ImageFilter) {
  return useQuery({
    queryKey: ['images', 'facets', project, filter],
    queryFn: ({ signal }) => core.images.facets({ project, filter }, { signal }),
    placeholderData: keepPreviousData,
  });
}
