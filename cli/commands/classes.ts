import { AssayError } from '../../rpc/errors.ts';
import { answer, command } from '../command.ts';
import { userPath } from '../session.ts';

interface Options {
  allowNew?: boolean;
  forbidNew?: boolean;
  add?: string;
  by?: string;
  json?: boolean;
}

export function classesCommand() {
  return command(
    'classes',
    'List the classes of a project, and say whether reviewers may add some',
    'assay classes parts\nassay classes parts --allow-new --by "Ada Lovelace"',
  )
    .argument('<project>', 'the project')
    .option('--allow-new', 'reviewers may add classes')
    .option('--forbid-new', 'they may not, as in a new project')
    .option('--add <name>', 'add a class, where that is allowed')
    .option('--by <name>', 'who says so, as it goes on the record')
    .action((path: string, { allowNew = false, forbidNew = false, add, by, ...options }: Options) =>
      answer(options, async ({ core }) => {
        const project = userPath(path);
        if (allowNew && forbidNew)
          throw new AssayError('USAGE', '--allow-new and --forbid-new contradict each other.');
        if ((allowNew || forbidNew || add !== undefined) && by === undefined)
          throw new AssayError('USAGE', 'Say who changes the classes: --by "Ada Lovelace".');
        if (allowNew || forbidNew) await core.reviews.setNewClasses({ project, by: by!, allowed: allowNew });
        if (add !== undefined) await core.reviews.addClass({ project, by: by!, name: add });
        const found = await core.reviews.classes({ project });
        const may = found.newAllowed ? 'Reviewers may add classes.' : 'Reviewers may not add classes.';
        return { json: found, text: [...found.classes, may].join('\n') };
      }),
    );
}
