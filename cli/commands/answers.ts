import { counted } from '../../rpc/format.ts';
import { answer, command } from '../command.ts';
import { projectAt } from '../project-at.ts';
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
        const project = await projectAt(core, path);
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
