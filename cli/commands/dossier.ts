import { counted } from '../../rpc/format.ts';
import { answer, command } from '../command.ts';
import { defaultActor, userPath } from '../session.ts';

export function dossierCommand() {
  return command(
    'dossier',
    'Write one page for an auditor: people, guidelines, counts, judgements, the error that is left, signatures, the whole trail',
    'assay dossier parts parts-dossier.html   (any browser shows it, and prints it as PDF)',
  )
    .argument('<project>', 'the project')
    .argument('<file>', 'HTML file to write')
    .option('--by <name>', 'who writes it, in a project with accounts their id', defaultActor())
    .action((path: string, file: string, options: { by: string; json?: boolean }) =>
      answer(options, async ({ run }) => {
        const written = await run('dossier', {
          project: userPath(path),
          by: options.by,
          to: userPath(file),
        });
        return {
          json: written,
          text: `${written.file} tells of ${counted(written.events, 'event')}. Its sha256 is ${written.sha256}.`,
        };
      }),
    );
}
