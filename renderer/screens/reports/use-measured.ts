import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { follow, type Progress, type ProgressStream } from '../../../rpc/progress.ts';

/** Something that the core measures, and how far it is. Whoever leaves stops it; whole measurements are kept. */
export function useMeasured<R>(
  queryKey: readonly unknown[],
  start: (signal: AbortSignal) => Promise<ProgressStream<R>>,
): { query: UseQueryResult<R>; progress: Progress | null } {
  const [progress, setProgress] = useState<Progress | null>(null);
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }) => follow(start(signal), setProgress),
    retry: false,
    staleTime: 60_000,
  });
  return { query, progress: query.isPending ? progress : null };
}
