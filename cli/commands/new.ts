import { answer, command } from '../command.ts';
import { defaultActor, userPath } from '../session.ts';

export function newCommand() {
  return command('new', 'Make a project', 'assay new parts --by "Ada Lovelace"')
    .argument('<project>', 'folder to be made; .assay is added to its name')
    .option('--by <name>', 'who makes it', defaultActor())
    .action((project: string, options: { by: string; json?: boolean }) =>
      answer(options, async ({ core }) => {
        const made = await core.projects.create({ project: userPath(project), by: options.by });
        return {
          json: made,
          text: `Made ${made.folder}\nNext: assay import ${project} <folder> --role real`,
        };
      }),
    );
}
