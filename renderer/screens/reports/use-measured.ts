import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import type { TaskKind, TaskRequest, TaskResult } from '../../../rpc/contract/jobs.ts';
import type { Progress } from '../../../rpc/progress.ts';
import { runTask } from '../../../rpc/run-task.ts';
import { core } from '../../client.ts';

/** A measuring task, and how far it is. Leaving the screen cancels it; whole measurements are kept. */
export function useMeasured<K extends TaskKind>(
  queryKey: readonly unknown[],
  kind: K,
  input: TaskRequest<K>,
): { query: UseQueryResult<TaskResult<K>>; progress: Progress | null } {
  const [progress, setProgress] = useState<Progress | null>(null);
  const query = useQuery({
    queryKey,
    queryFn: ({ signal }) => runTask(core, kind, input, { signal, report: setProgress }),
    retry: false,
    staleTime: 60_000,
  });
  return { query, progress: query.isPending ? progress : null };
}
