import type { Job } from '../../rpc/contract/jobs.ts';
import { AssayError } from '../../rpc/errors.ts';
import { mayLook } from '../people/may.ts';
import type { Caller } from '../people/sign-in.ts';
import { core } from './router.ts';
import type { Workbench } from './workbench.ts';

type Asked = { workbench: Workbench; caller: Caller };

/** The jobs that a caller may know of: those of projects that they may look at. */
function shownTo({ workbench, caller }: Asked, jobs: Job[]): Job[] {
  const known = new Map<string, boolean>();
  const isShown = (folder: string): boolean => {
    const project = workbench.withAccounts(folder);
    return project === null || mayLook(project, workbench.signIns, caller);
  };
  return jobs.filter(({ project }) => {
    if (project === null) return true;
    if (!known.has(project)) known.set(project, isShown(project));
    return known.get(project);
  });
}

/** The job of an id. Throws `NOT_FOUND`, also where the caller may not know of it. */
function jobFor(asked: Asked, id: string): Job {
  const job = asked.workbench.jobs.get(id);
  if (shownTo(asked, [job]).length > 0) return job;
  throw new AssayError('NOT_FOUND', `There is no task ${id} that you may see: sign in to its project first.`);
}

export const jobs = core.jobs.router({
  run: core.jobs.run.handler(({ input, context, signal }) => context.workbench.jobs.run(input, signal)),
  start: core.jobs.start.handler(({ input, context }) => context.workbench.jobs.start(input)),
  list: core.jobs.list.handler(({ input, context }) =>
    shownTo(context, context.workbench.jobs.list(input.project)),
  ),
  get: core.jobs.get.handler(({ input, context }) => jobFor(context, input.job)),
  watch: core.jobs.watch.handler(async function* ({ input, context, signal }) {
    for await (const listed of context.workbench.jobs.watch(input.project, signal))
      yield shownTo(context, listed);
  }),
  cancel: core.jobs.cancel.handler(({ input, context }) =>
    context.workbench.jobs.cancel(jobFor(context, input.job).id),
  ),
  clear: core.jobs.clear.handler(({ input, context }) =>
    context.workbench.jobs.clear(input.project, (ended) => shownTo(context, ended)),
  ),
});
