import type { TaskKind, TaskRequest, TaskResult } from './contract/jobs.ts';
import { AssayError } from './errors.ts';
import type { Progress } from './progress.ts';
import type { CoreClient } from './transport/client.ts';

interface RunOptions {
  /** Aborting it cancels the task, which then ends as `CANCELLED`. */
  signal?: AbortSignal;
  /** Called about ten times a second with the task's progress. */
  report?: (progress: Progress) => void;
}

/** Runs a long task in the core and waits for it. Returns its result, or throws its error. */
export async function runTask<K extends TaskKind>(
  core: CoreClient,
  kind: K,
  input: TaskRequest<K>,
  { signal, report }: RunOptions = {},
): Promise<TaskResult<K>> {
  // The compiler cannot tell that the pair belongs together once K is a parameter.
  const request = { kind, input } as Parameters<CoreClient['jobs']['run']>[0];
  const stream = await core.jobs.run(request, signal && { signal });
  for (;;) {
    const step = await stream.next();
    if (step.done) return step.value as TaskResult<K>;
    report?.(step.value);
  }
}

/**
 * Runs a task as a background job and waits for it: the job goes on where nobody waits any more. For measurements, whose
 * results the project keeps. Returns the result, or throws the task's error; aborting `signal` only ends the wait.
 */
export async function followTask<K extends TaskKind>(
  core: CoreClient,
  kind: K,
  input: TaskRequest<K> & { project: string },
  { signal, report }: RunOptions = {},
): Promise<TaskResult<K>> {
  const request = { kind, input } as Parameters<CoreClient['jobs']['start']>[0];
  const { id } = await core.jobs.start(request);
  const lists = await core.jobs.watch({ project: input.project }, signal && { signal });
  for await (const jobs of lists) {
    const job = jobs.find((each) => each.id === id);
    if (job?.progress) report?.(job.progress);
    // One that took a moment is on the list no longer.
    if (job?.error && job.state !== 'running') throw new AssayError(job.error.code, job.error.message);
    if (job?.state !== 'running') break;
  }
  signal?.throwIfAborted();
  return runTask(core, kind, input, signal ? { signal } : {});
}
