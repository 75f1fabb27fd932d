import { resolve } from 'node:path';
import type { OpenProject } from '../../rpc/contract/projects.ts';
import { AssayError } from '../../rpc/errors.ts';
import { warmExplorer } from '../explore/index.ts';
import { describeHandout } from '../handout/handouts.ts';
import { giveCheckpoint } from '../project/checkpoint.ts';
import { projectOverview } from '../overview/overview.ts';
import { projectStatus } from '../overview/status.ts';
import type { Caller } from '../people/sign-in.ts';
import type { Workbench } from './workbench.ts';
import { core, reading } from './router.ts';

export const projects = core.projects.router({
  create: core.projects.create.handler(async ({ input, context: { workbench } }) => {
    const embedder = await workbench.packOf('embedder', input.model);
    const { folder, name } = workbench.create(input.project, input.by, embedder, input.shared);
    return { folder, name };
  }),
  status: core.projects.status.use(reading).handler(({ context }) => projectStatus(context.project)),
  checkpoint: core.projects.checkpoint
    .use(reading)
    .handler(({ input, context }) => giveCheckpoint(context.project, input.since)),
  acceptRecord: core.projects.acceptRecord.handler(({ input, context }) =>
    context.workbench.acceptRecord(input.project, input.by),
  ),
  // Background jobs outlive the window that started them, so their project stays open.
  close: core.projects.close.handler(({ input, context: { workbench } }) => {
    const folder = resolve(input.project);
    if (!workbench.jobs.isBusy(folder)) workbench.close(folder);
  }),
  open: core.projects.open.handler(({ input, context: { workbench, caller } }) =>
    openForWindow(workbench, caller, input.project),
  ),
  overview: core.projects.overview.use(reading).handler(({ context }) => projectOverview(context.project)),
});

function openForWindow(workbench: Workbench, caller: Caller, path: string): OpenProject {
  const { project, refused } = workbench.openAsCanBe(path);
  const { folder, name } = project;
  remember(workbench, folder, name);
  const { accounts, signedIn } = workbench.signIns.access(project, caller);
  const open = {
    folder,
    name,
    writable: project.isWritable(),
    readOnly: refused?.message ?? null,
    accounts,
    alarm: project.alarm,
    handout: describeHandout(project),
  };
  // Whoever has not signed in is shown no picture, and is not told the classes.
  if (accounts && !signedIn) return { ...open, key: '', classes: [] };
  warmExplorer(project);
  const classes = project.store.batches.labels().map((label) => label.name);
  return { ...open, key: workbench.keyOf(project), classes };
}

/** Failing to save the recent projects must not block opening. */
function remember(workbench: Workbench, folder: string, name: string): void {
  try {
    workbench.settings.remember(folder, name);
  } catch (error) {
    if (!(error instanceof AssayError)) throw error;
  }
}
