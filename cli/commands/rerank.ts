import { answer, command } from '../command.ts';
import { defaultActor, userPath } from '../session.ts';
import { counted } from '../../rpc/format.ts';

export function rerankCommand() {
  return command(
    'rerank',
    'Rank what is left of the newest queue again, by what its answers have taught',
    'assay rerank parts --by ada',
  )
    .argument('<project>', 'the project')
    .option('--by <name>', 'who does it', defaultActor())
    .action((path: string, options: { by: string; json?: boolean }) =>
      answer(options, async ({ run }) => {
        const summary = await run('rerank', { project: userPath(path), by: options.by });
        const { decisions, wrong, items, moved } = summary;
        return {
          json: summary,
          text: `Learnt from ${counted(decisions, 'decision')}, ${wrong} of them on a wrong label. Of ${counted(items, 'item')} left by rank, ${counted(moved, 'stands', 'stand')} elsewhere now; audit items and answered ones keep their places.`,
        };
      }),
    );
}
