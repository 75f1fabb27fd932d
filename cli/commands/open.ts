import { command } from '../command.ts';
import { serveProject } from './serve.ts';

export function openCommand() {
  return command(
    'open',
    'Open a project, or the file of a hand-out, in a browser of this machine, until Ctrl-C',
    'assay open parts\nassay open parts-3-r1-6f1c2a9e.assay-handout',
  )
    .argument('<project>', 'a project, or the file of a hand-out')
    .action((path: string, options: { json?: boolean }) =>
      serveProject(path, { ...options, port: 0, open: true }),
    );
}
