import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { ImageFilter, ImageSort } from '../../../rpc/contract/images.ts';
import { core } from '../../client.ts';
import { RowPages } from './grid/row-pages.ts';

export const VIEW_KEY = 'explore-view';

/** What the core counts as the answer to a filter and a sort; the one before stays until the next is there. */
export function useView(project: string, filter: ImageFilter, sort: ImageSort) {
  return useQuery({
    queryKey: [VIEW_KEY, project, filter, sort],
    queryFn: ({ signal }) => core.images.query({ project, filter, sort }, { signal }),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 0,
  });
}

/** The rows of a view, for as long as it is the one on the screen. */
export function useRowPages(project: string, view: { view: string; total: number } | undefined) {
  const name = view?.view;
  const total = view?.total ?? 0;
  const pages = useMemo(
    () =>
      new RowPages(
        (offset, limit, signal) =>
          name === undefined
            ? Promise.resolve([])
            : core.images.rows({ project, view: name, offset, limit }, { signal }),
        { total },
      ),
    [project, name, total],
  );
  useEffect(() => () => pages.close(), [pages]);
  return pages;
}
