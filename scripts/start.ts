// `npm start`: makes the sample project on the first run, shows what was found, and says how to go on.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeImport } from '../cli/commands/import.ts';
import { describeQueue } from '../cli/commands/queue.ts';
import { describeRun } from '../cli/commands/score.ts';
import { describeStatus } from '../cli/commands/status.ts';
import { defaultActor, withSession, type Session } from '../cli/session.ts';
import { errorCode, ERRORS } from '../rpc/errors.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const set = join(root, 'assay-sample');
const project = join(root, 'sample.assay');

async function make({ core, follow, say, signal }: Session): Promise<void> {
  const by = defaultActor();
  // A set or a project that an earlier start left unfinished is made anew: nobody has worked on it yet.
  if (!existsSync(join(set, 'answers.csv'))) {
    rmSync(set, { recursive: true, force: true });
    say('Rendering the sample set (once) …');
    const sample = await follow(core.catalog.sample({ to: set }, { signal }));
    say(
      `${sample.real + sample.holdout + sample.synthetic} images in ${set}; the faults put in are listed in answers.csv, which Assay never reads.`,
    );
  }
  rmSync(project, { recursive: true, force: true });
  await core.projects.create({ project, by });
  for (const role of ['real', 'holdout', 'synthetic'] as const) {
    const generator = role === 'synthetic' ? 'sample-generator' : null;
    const summary = await follow(
      core.imports.start({ project, by, from: join(set, role), role, generator }, { signal }),
    );
    say(describeImport(summary));
  }
  say(describeRun(await follow(core.scores.run({ project, by }, { signal }))));
  await core.queue.make({ project, by, budget: { share: 0.08 } });
}

async function isReady({ core }: Session): Promise<boolean> {
  if (!existsSync(join(project, 'project.db'))) return false;
  return (await core.projects.status({ project }).catch(() => null))?.queue != null;
}

try {
  await withSession(async (session) => {
    const { core, say } = session;
    if (await isReady(session)) say('The sample project is here already.');
    else await make(session);
    const { items, flagged } = await core.queue.show({ project });
    const status = await core.projects.status({ project });
    console.log(`\n${describeStatus(status)}\n\n${describeQueue(items, flagged)}`);
    const first = items[0];
    console.log(`
Continue by deciding on what is queued, for instance:
  npm run -s assay -- decide sample.assay --by "${defaultActor()}" --image ${first?.sha256.slice(0, 12)} --accept
  npm run -s assay -- status sample.assay
then write a release:
  npm run -s assay -- export sample.assay release-1 --format hf-imagefolder --undecided in
Your own data: npm run -s assay -- --help`);
  });
} catch (error) {
  console.error(`assay: ${(error as Error).message}`);
  process.exitCode = ERRORS[errorCode(error)].exit;
}
