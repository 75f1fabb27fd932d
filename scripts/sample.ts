// Makes the sample project on the first run and describes it, without a window.
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describeQueue, wordsOf } from '../cli/commands/queue.ts';
import { describeStatus } from '../cli/commands/status.ts';
import { defaultActor, type Session } from '../cli/session.ts';

/** Makes the sample project unless it is finished; then prints what was found and what to do next. */
export async function showSample(project: string, { core, run, say }: Session): Promise<void> {
  const isThere = existsSync(join(project, 'project.db'));
  say(isThere ? 'The sample project is here already.' : 'Making the sample project (once, a few minutes) …');
  // For writing if possible, so that a project of an older format is migrated.
  if (isThere) await core.projects.open({ project });
  await run('sample-project', { project, by: defaultActor() });
  await showProject(project, core);
}

/** Prints a project's progress and its queue. */
export async function showProject(project: string, core: Session['core']): Promise<void> {
  await core.projects.open({ project });
  const { queue, items, flagged } = await core.queue.show({ project });
  const status = await core.projects.status({ project });
  console.log(`\n${describeStatus(status)}\n\n${describeQueue(items, flagged, await wordsOf(core))}`);
  const folder = relative('.', status.project.folder);
  console.log(`
Open the workbench in a browser of this machine:
  npm run -s assay -- serve ${folder} --open
or decide here, for instance:
  npm run -s assay -- decide ${folder} --by "${defaultActor()}" --queue ${queue ?? 1} --image ${items[0]?.sha256.slice(0, 12) ?? '<sha256>'} --accept
  npm run -s assay -- status ${folder}
then write a release:
  npm run -s assay -- export ${folder} release-1 --format hf-imagefolder --undecided in
Your own data: npm run -s assay -- --help`);
}
