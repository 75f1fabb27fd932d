import { readFileSync } from 'node:fs';
import { counted } from '../../rpc/format.ts';
import { AssayError } from '../../rpc/errors.ts';
import { answer, command } from '../command.ts';
import { userPath } from '../session.ts';

interface Options {
  since?: string;
  accept?: boolean;
  by?: string;
  json?: boolean;
}

export function checkpointCommand() {
  return command(
    'checkpoint',
    'Sign what the record is now, to be printed, given away or kept elsewhere',
    'assay checkpoint parts > parts-checkpoint.txt\nassay checkpoint parts --accept --by ada   (a backup was put back on purpose)',
  )
    .argument('<project>', 'the project')
    .option('--since <file>', 'prove too that the record grew out of an earlier checkpoint')
    .option('--accept', 'accept a record that is older than the one known, or another one; an event says so')
    .option('--by <name>', 'who accepts it')
    .action((path: string, options: Options) =>
      answer(options, async ({ core, say }) => {
        const project = userPath(path);
        if (options.accept) {
          if (!options.by)
            throw new AssayError('USAGE', 'Say who accepts the record as it is: --accept --by <name>.');
          await core.projects.acceptRecord({ project, by: options.by });
        }
        const since = options.since ? readFileSync(userPath(options.since), 'utf8') : null;
        const signed = await core.projects.checkpoint({ project, since });
        if (!options.json) say(`${counted(signed.events, 'event')}, signed with ${signed.key}`);
        return { json: signed, text: (signed.growth ?? signed.note).trimEnd() };
      }),
    );
}
