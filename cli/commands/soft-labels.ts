import { writeFileSync } from 'node:fs';
import { answersWords, places, sharesWords } from '../../rpc/contract/answer-words.ts';
import type { AnswersReport, SplitImages } from '../../rpc/contract/answers.ts';
import { counted, percent } from '../../rpc/format.ts';
import { answer, command, table } from '../command.ts';
import { defaultActor, userPath } from '../session.ts';

export function softLabelsCommand() {
  return command(
    'soft-labels',
    'How people answered the images that several answered, against how sure the model is',
    'assay soft-labels parts\nassay soft-labels parts --csv answers.csv\nassay soft-labels parts --json   # every image',
  )
    .argument('<project>', 'the project')
    .option('--csv <file>', 'write one row for each image and answer too')
    .option(
      '--by <name>',
      'who asks: closed to those still reviewing a blind queue or one with gold items',
      defaultActor(),
    )
    .action((path: string, options: { csv?: string; by: string; json?: boolean }) =>
      answer(options, async ({ core }) => {
        const asked = { project: userPath(path), by: options.by };
        const report = await core.answers.show({ ...asked, most: options.json ? null : 0 });
        if (options.csv !== undefined) writeFileSync(userPath(options.csv), await core.answers.table(asked));
        return { json: report, text: describe(report) };
      }),
    );
}

function describe(report: AnswersReport): string {
  const { compared, split, weighting } = report;
  return [
    ...answersWords(report),
    ...(compared.images > 0
      ? [
          `Split as two against one or more (entropy from ${places(report.splitAt)}): people and model ${split.both}, people alone ${split.people.images}, the model alone ${split.model.images}, neither ${split.neither}.`,
          ...splitLines('People differ, the model is sure', split.people),
          ...splitLines('People agree, the model is unsure', split.model),
        ]
      : []),
    'Quality that weights the counts:',
    table(
      weighting.reviewers.map(({ queue, reviewer, quality }) => [
        '',
        reviewer,
        queue === null ? 'outside a queue' : `queue ${queue}`,
        quality === null ? 'unknown' : percent(quality, 0),
      ]),
    ),
  ].join('\n');
}

const MOST_LINES = 5;

function splitLines(title: string, { images, shown }: SplitImages): string[] {
  if (images === 0) return [];
  return [
    `${title} (${counted(images, 'image')}${images > MOST_LINES ? `, the ${MOST_LINES} widest apart` : ''}):`,
    table(
      shown
        .slice(0, MOST_LINES)
        .map(({ sha256, people, model, answers, annotators }) => [
          '',
          sha256.slice(0, 12),
          `people ${places(people)}`,
          `model ${places(model)}`,
          sharesWords(answers, annotators),
        ]),
    ),
  ];
}
