import { AssayError } from '../../rpc/errors.ts';
import { answer, command, table } from '../command.ts';
import { userPath } from '../session.ts';

export function scoresCommand() {
  return command(
    'scores',
    'What each score means; with a project and an image, its values',
    'assay scores\nassay scores parts 3f2a9c01',
  )
    .argument('[project]', 'a project')
    .argument('[image]', "an image's hash, or its first 8 digits or more")
    .action((project: string | undefined, image: string | undefined, options: { json?: boolean }) =>
      answer(options, async ({ core }) => {
        const list = await core.scores.list();
        if (project === undefined) {
          const text = list.map(
            (score) =>
              `${score.title}: ${score.id} (${score.range.join(' to ')}${score.unit ? ` ${score.unit}` : ''}; ${score.suspect} is suspect)\n  ${score.meaning}\n  ${score.source}`,
          );
          return { json: list, text: text.join('\n') };
        }
        if (image === undefined)
          throw new AssayError('USAGE', 'Name the image too: assay scores <project> <sha256>');
        const found = await core.scores.ofImage({ project: userPath(project), sha256: image });
        const known = new Map(list.map((score) => [score.id, score]));
        // A run of an earlier version may hold scores that are no more.
        const rows = [...new Set([...known.keys(), ...Object.keys(found.scores)])].map((id) => [
          known.get(id)?.title ?? id,
          found.scores[id]?.toPrecision(6) ?? 'n/a',
          known.get(id)?.meaning ?? '',
        ]);
        const predicted = found.predicted
          ? `${found.predicted.label} (${found.predicted.probability.toFixed(3)})`
          : 'n/a';
        return {
          json: found,
          text: `${found.batch}/${found.path}\n${found.sha256}\ngiven ${found.givenLabel ?? '-'}, predicted ${predicted}\n${table(rows)}`,
        };
      }),
    );
}
