// `npm start [project]`: opens the workbench on the named project or on the sample, in Electron if its runtime is
// installed, else in a browser. Without a display or a terminal it prints what was found and what to do next, and ends.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { defaultActor, userPath, withSession } from '../cli/session.ts';
import { errorCode, ERRORS } from '../rpc/errors.ts';
import { hasDisplay } from '../server/open-browser.ts';
import { projectRoute, runServer } from '../server/run.ts';
import type { Served } from '../server/serve.ts';
import { electronRuntime } from './electron-runtime.ts';
import { showProject, showSample } from './sample.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Runs the desktop application; false if it cannot be started here. */
async function runElectron(binary: string, project: string): Promise<boolean> {
  const { transpile } = await import('./transpile.ts');
  await transpile(say);
  const isThere = existsSync(join(project, 'project.db'));
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env;
  const shell = spawn(binary, [join(root, 'out', 'app'), ...(isThere ? [project] : [])], {
    stdio: 'inherit',
    env,
  });
  const status = await new Promise<number | null>((resolve) => {
    shell.on('error', () => resolve(null));
    shell.on('exit', (code, signal) => resolve(signal === 'SIGINT' ? 0 : code));
  });
  if (status !== 0) say(`Electron ended with status ${status ?? 'none: it could not be started'}.`);
  return status === 0;
}

/** The first screen: the project's, or the list of projects while the sample is being made. */
async function firstScreen({ core }: Served, project: string, isSample: boolean): Promise<string> {
  const { projects, jobs } = core();
  const isThere = existsSync(join(project, 'project.db'));
  if (isThere || !isSample) {
    const { folder } = await projects.open({ project });
    if (!isSample || (await projects.status({ project })).queue) return projectRoute(folder);
  }
  await jobs.start({ kind: 'sample-project', input: { project, by: defaultActor() } });
  return '';
}

async function start(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { serve: { type: 'boolean' }, port: { type: 'string' } },
  });
  const isSample = positionals[0] === undefined;
  const project = isSample ? join(root, 'sample.assay') : userPath(positionals[0]!);
  const isAttended = hasDisplay() || (process.stdin.isTTY && process.stdout.isTTY);
  if (!isAttended && !values.serve) {
    await withSession((session) =>
      isSample ? showSample(project, session) : showProject(project, session.core),
    );
    return;
  }
  const runtime = electronRuntime(root);
  if ('missing' in runtime)
    say(
      `Opening in the browser, since Electron cannot be used: ${runtime.missing}. To get it: npx install-electron`,
    );
  else if (hasDisplay() && !values.serve && (await runElectron(runtime.binary, project))) return;
  await runServer({
    port: Number(values.port ?? 0),
    open: hasDisplay(),
    say,
    ready: (served) => firstScreen(served, project, isSample),
  });
}

try {
  await start();
} catch (error) {
  console.error(`assay: ${(error as Error).message}`);
  process.exitCode = ERRORS[errorCode(error)].exit;
}
