import { InvalidArgumentError } from 'commander';
import { command } from '../command.ts';
import { projectAt } from '../project-at.ts';
import { wholeNumber } from './import.ts';

function portNumber(text: string): number {
  const port = wholeNumber(text);
  if (port > 65_535) throw new InvalidArgumentError('give a port up to 65535');
  return port;
}

export function serveCommand() {
  return command(
    'serve',
    'Open the workbench in a browser of this machine, until Ctrl-C',
    'assay serve parts --open',
  )
    .argument('[project]', 'the project to open, or the file of a hand-out')
    .option('--port <n>', 'the port on 127.0.0.1 (default: any that is free)', portNumber, 0)
    .option('--open', 'open the browser too')
    .action(serveProject);
}

/** Serves the workbench at a project, at the file of a hand-out, or at the start. */
export async function serveProject(
  path: string | undefined,
  options: { port: number; open?: boolean; json?: boolean },
): Promise<void> {
  const { projectRoute, runServer } = await import('../../server/run.ts');
  await runServer({
    port: options.port,
    open: options.open ?? false,
    ...(options.json && { show: (url: string) => JSON.stringify({ url }) }),
    say: (line) => void process.stderr.write(`${line}\n`),
    async ready({ core }) {
      if (path === undefined) return '';
      const project = await projectAt(core(), path);
      const status = await core().projects.status({ project });
      return projectRoute(status.project.folder);
    },
  });
}
