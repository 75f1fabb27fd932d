import { InvalidArgumentError } from 'commander';
import { command } from '../command.ts';
import { userPath } from '../session.ts';
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
    .argument('[project]', 'the project to open')
    .option('--port <n>', 'the port on 127.0.0.1 (default: any that is free)', portNumber, 0)
    .option('--open', 'open the browser too')
    .action(
      async (project: string | undefined, options: { port: number; open?: boolean; json?: boolean }) => {
        const { projectRoute, runServer } = await import('../../server/run.ts');
        await runServer({
          port: options.port,
          open: options.open ?? false,
          ...(options.json && { show: (url: string) => JSON.stringify({ url }) }),
          say: (line) => void process.stderr.write(`${line}\n`),
          async ready({ core }) {
            if (project === undefined) return '';
            const status = await core().projects.status({ project: userPath(project) });
            return projectRoute(status.project.folder);
          },
        });
      },
    );
}
