import { answer, command } from '../command.ts';
import { defaultActor, userModel, userPath } from '../session.ts';

export function newCommand() {
  return command('new', 'Make a project', 'assay new parts --by "Ada Lovelace"')
    .argument('<project>', 'folder to be made; .assay is added to its name')
    .option('--model <id>', 'embedder pack that it works with, by id or folder')
    .option(
      '--shared',
      'for a team: the folder, and releases of it, keep the rights that your umask leaves to your group and to others',
    )
    .option('--by <name>', 'who makes it', defaultActor())
    .action((project: string, options: { model?: string; shared?: boolean; by: string; json?: boolean }) =>
      answer(options, async ({ core }) => {
        const made = await core.projects.create({
          project: userPath(project),
          by: options.by,
          shared: options.shared ?? false,
          model: options.model === undefined ? null : userModel(options.model),
        });
        return {
          json: made,
          text: `Made ${made.folder}\nNext: assay import ${project} <folder> --role real`,
        };
      }),
    );
}
