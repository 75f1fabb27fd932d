import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import type { Progress } from '../../../rpc/progress.ts';

type Stream<R> = AsyncIterator<Progress, R, unknown>;

/** Goes with a stream to its end, telling how far it is; gives what it ends with. */
export async function follow<R>(stream: Stream<R>, onProgress: (progress: Progress) => void): Promise<R> {
  for (;;) {
    const { done, value } = await stream.next();
    if (done) return value;
    onProgress(value);
  }
}

/** Something that the core measures, and how far it is. Whoever leaves stops it; whole measurements are kept. */
export function useMeasured<R>(
  queryKey: readonly unknown[],
  start: (signal: AbortSignal) => Promise<Stream<R>>,
): { query: UseQueryResult<R>; progress: Progress | null } {
  const [progress, setProgress] = useState<Progress | null>(null);
  const query = useQuery({
    queryKey,
    queryFn: async ({ signal }) => follow(await start(signal), setProgress),
    retry: false,
    staleTime: 60_000,
  });
  return { query, progress: query.isPending ? progress : null };
}
