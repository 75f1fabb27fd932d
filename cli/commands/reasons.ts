import { REJECT_REASONS } from '../../rpc/contract/terms.ts';
import { AssayError } from '../../rpc/errors.ts';
import { answer, command } from '../command.ts';
import { userPath } from '../session.ts';

interface Options {
  set?: string;
  reset?: boolean;
  by?: string;
  json?: boolean;
}

export function reasonsCommand() {
  return command(
    'reasons',
    'List the reasons for a reject, the same in every screen and in decide, or set them for the project',
    'assay reasons parts\nassay reasons parts --set "artefact, wrong-content, Motion blur" --by "Ada Lovelace"',
  )
    .argument('<project>', 'the project')
    .option(
      '--set <reasons>',
      `the whole list, in the order of the digit keys: known reasons (${REJECT_REASONS.join(', ')}) or your own words, separated by commas; other is always kept`,
    )
    .option('--reset', 'all known reasons, in their usual order')
    .option('--by <name>', 'who sets them, as it goes on the record')
    .action((path: string, { set, reset, by, ...options }: Options) =>
      answer(options, async ({ core }) => {
        const project = userPath(path);
        const wanted = reset ? [...REJECT_REASONS] : set?.split(',');
        if (wanted && by === undefined)
          throw new AssayError('USAGE', 'Say who sets the reasons: --by "Ada Lovelace".');
        const reasons = wanted
          ? await core.reviews.setRejectReasons({ project, by: by!, reasons: wanted })
          : await core.reviews.rejectReasons({ project });
        return {
          json: reasons,
          text: reasons
            .map(
              ({ id, title, meaning }, i) =>
                `${(i + 1) % 10}  ${id}${meaning ? `: ${title}. ${meaning}.` : ''}`,
            )
            .join('\n'),
        };
      }),
    );
}
