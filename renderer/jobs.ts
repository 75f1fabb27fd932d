import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Job, Task, TaskKind, TaskResult } from '../rpc/contract/jobs.ts';
import { core } from './client.ts';
import { announce } from './parts/announce.tsx';
import { folderOf } from './parts/folder-address.ts';

const AGAIN_AFTER_MS = 1000;
/** What a finished job cannot have changed. */
const UNTOUCHED: ReadonlySet<unknown> = new Set(['jobs', 'settings', 'scores', 'catalog', 'folder']);

const keyOf = (project: string | null) => ['jobs', project] as const;

/** The project that the address names; null outside of all. */
export function useAddressedProject(): string | null {
  const { folder } = useParams({ strict: false });
  return folder === undefined ? null : folderOf(folder);
}

/** The jobs of the project on the screen, or of all where none is, the newest first, live. */
export function useJobsState() {
  const project = useAddressedProject();
  return useQuery({
    queryKey: keyOf(project),
    queryFn: () => core.jobs.list({ project }),
    staleTime: Infinity,
  });
}

export function useJobs(): Job[] {
  return useJobsState().data ?? [];
}

export type JobOf<K extends TaskKind> = Job & {
  task: Extract<Task, { kind: K }>;
  result: TaskResult<K> | null;
};

/** The newest background job of a kind, live, ended or not. */
export function useNewestJob<K extends TaskKind>(kind: K): JobOf<K> | null {
  return (useJobs().find((job) => job.kind === kind && job.task !== null) as JobOf<K> | undefined) ?? null;
}

/** Starts a task; it is among the jobs at once. */
export function useStartJob() {
  const client = useQueryClient();
  const project = useAddressedProject();
  return useMutation({
    mutationFn: (task: Parameters<typeof core.jobs.start>[0]) => core.jobs.start(task),
    onSuccess: (job) =>
      client.setQueryData<Job[]>(keyOf(project), (jobs = []) =>
        jobs.some(({ id }) => id === job.id) ? jobs : [job, ...jobs],
      ),
  });
}

export function useCancelJob() {
  return useMutation({ mutationFn: (job: string) => core.jobs.cancel({ job }) });
}

/** Follows the core's jobs until the signal aborts; survives a lost connection. */
export async function followJobs(
  client: QueryClient,
  project: string | null,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const jobs of await core.jobs.watch({ project }, { signal }))
        received(client, project, jobs);
    } catch {
      // The connection's own state is on the screen; the list is asked for again when it is back.
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
  }
}

function received(client: QueryClient, project: string | null, jobs: Job[]): void {
  const before = new Map(client.getQueryData<Job[]>(keyOf(project))?.map((job) => [job.id, job.state]));
  client.setQueryData(keyOf(project), jobs);
  const ended = jobs.filter(({ id, state }) => before.get(id) === 'running' && state !== 'running');
  if (ended.length === 0) return;
  void client.invalidateQueries({ predicate: ({ queryKey }) => !UNTOUCHED.has(queryKey[0]) });
  for (const job of ended) tell(job);
}

/** Screens that show by themselves what came of a job; the Jobs screen always does. */
const SHOWN_ON: { [K in TaskKind]?: RegExp } = {
  import: /\/import\b/,
  score: /\/overview\b/,
  release: /\/export\b/,
  mix: /\/strategy\b/,
  experiment: /\/strategy\b/,
  layout: /\/explore\b/,
  report: /\/reports\b/,
  watch: /\/strategy\b/,
  'sample-project': /./,
};

const isOnScreen = (kind: TaskKind): boolean =>
  /\/jobs\b/.test(location.hash) || (SHOWN_ON[kind]?.test(location.hash) ?? false);

/** Where people answer item after item: what went well must not cover the answers. */
const isAnswering = (): boolean => /\/(review|conflicts|copies)\b/.test(location.hash);

function tell({ kind, title, state, error }: Job): void {
  announce(`${title}: ${state}`);
  if (state === 'done' && !isOnScreen(kind) && !isAnswering())
    notifications.show({ title, message: 'Done.', color: 'accent' });
  if (state === 'failed')
    notifications.show({
      title: `${title} failed`,
      message: error?.message ?? '',
      color: 'red',
      autoClose: false,
    });
}
