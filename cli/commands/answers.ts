import { HANDOUT_EXTENSION } from '../../rpc/contract/handouts.ts';
import { counted } from '../../rpc/format.ts';
import { answer, command } from '../command.ts';
import { userPath } from '../session.ts';
import { password } from '../sign-in.ts';

export function answersCommand() {
  return command(
    'answers',
    'Write the answers of a hand-out to a small file, to be sent back',
    'assay answers parts-3-r1-6f1c2a9e',
  )
    .argument('<hand-out>', 'its file, or the folder that it was opened as')
    .action((path: string, options: { json?: boolean }) =>
      answer(options, async ({ core }) => {
        const given = userPath(path);
        const { project } = given.endsWith(HANDOUT_EXTENSION)
          ? await core.handouts.open({ file: given })
          : { project: given };
        const of = await core.handouts.of({ project });
        const by = of?.reviewer ?? 'nobody';
        const { accounts } = await core.people.access({ project });
        const written = await core.handouts.answers({
          project,
          by,
          ...(accounts && { password: await password(by) }),
        });
        return {
          json: written,
          text: `${written.answered} of ${counted(written.items, 'item')} answered. Send this file back: ${written.file}`,
        };
      }),
    );
}
