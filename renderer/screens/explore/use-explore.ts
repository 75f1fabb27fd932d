import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import { parseSearch, searchParams, type ExploreSearch } from './search.ts';

export interface Explore {
  search: ExploreSearch;
  /** Parts of the address that made no sense and were left out. */
  problems: string[];
  /** Changes the address. A step that a person would want to go back over is pushed, the rest replaces. */
  go: (change: Partial<ExploreSearch>, how?: 'push' | 'replace') => void;
}

/** The address is the only place where filter, sort and view are kept, so that it can be copied at any moment. */
export function useExplore(): Explore {
  const raw: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const { search, problems } = useMemo(() => parseSearch(raw), [raw]);
  const go = useCallback(
    (change: Partial<ExploreSearch>, how: 'push' | 'replace' = 'push') => {
      void navigate({
        to: '.',
        search: (now: Record<string, unknown>) => searchParams({ ...parseSearch(now).search, ...change }),
        replace: how === 'replace',
      });
    },
    [navigate],
  );
  return { search, problems, go };
}
