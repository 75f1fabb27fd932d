import type { TaskKind, TaskRequest, TaskResult } from './contract/jobs.ts';
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
