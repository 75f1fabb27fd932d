import { integer, percent, uncapitalised } from '../../rpc/format.ts';
import {
  calibrationSentence,
  qualitySentence,
  weakClasses,
  weakSentence,
  type ModelQuality,
} from '../../rpc/contract/label-model.ts';
import { FILTER_WORDS, UNTOLD_WORDS, type LabelReport, type WrongShare } from '../../rpc/contract/scores.ts';
import { answer, command, firstLines, table } from '../command.ts';
import { userPath } from '../session.ts';

export function labelsCommand() {
  return command(
    'labels',
    'Say how good the label model is, how noisy the labels are, and what is taken for what',
    'assay labels parts',
  )
    .argument('<project>', 'the project')
    .action((project: string, options: { json?: boolean }) =>
      answer(options, async ({ core }) => {
        const reports = await core.scores.labels({ project: userPath(project) });
        const model = await core.scores.labelModel({ project: userPath(project) });
        return {
          json: reports.map((report) => ({
            ...report,
            model: model.find(({ role }) => role === report.role) ?? null,
          })),
          text: [...model.map(describeModel), ...reports.map(describeLabels)].join('\n\n'),
        };
      }),
    );
}

/** How good the label model is, which everything below rests on. */
function describeModel(quality: ModelQuality): string {
  const calibration = calibrationSentence(quality);
  return [
    `The label model. ${qualitySentence(quality)}`,
    ...(calibration === null ? [] : [`  ${calibration}`]),
    ...firstLines(
      weakClasses(quality).map((one) => `  ${weakSentence(one)}`),
      MOST_PAIRS,
    ),
    ...firstLines(
      table(
        quality.classes.map(({ name, images, right, interval, taken }) => [
          '',
          name,
          `${right} of ${images}`,
          percent(right / images),
          `${percent(interval[0])} to ${percent(interval[1])}`,
          taken ? `${taken.images} taken for ${taken.name}` : '',
        ]),
      ).split('\n'),
      MOST_CLASSES,
    ),
  ].join('\n');
}

/** How many classes are worth a line each. */
const MOST_CLASSES = 40;

/** How many pairs of classes are worth a line. */
const MOST_PAIRS = 8;

function describeLabels(report: LabelReport): string {
  const lines = [
    `${report.role}: ${integer(report.images)}${report.of > report.images ? ` (a sample of ${integer(report.of)})` : ''} labelled ${report.images === 1 ? 'image' : 'images'}, about ${report.risk === null ? '' : `${percent(report.risk)} of the labels wrong, `}${percent(report.wrongShare)} by what the model is confident about`,
  ];
  const width = Math.max(...report.classes.map(({ name }) => name.length));
  for (const { name, given, noise, wrong } of report.classes)
    lines.push(
      `  ${name.padEnd(width)}  ${String(given).padStart(7)} given  ${wrong ? `${describeWrong(wrong)}; ` : ''}${noise === null ? 'no image counted confidently' : `${percent(noise)} counted as another class`}`,
    );
  const pairs = report.confusion
    .flatMap((row, given) => row.map((images, taken) => ({ given, taken, images })))
    .filter(({ given, taken, images }) => given !== taken && images > 0)
    .sort((a, b) => b.images - a.images)
    .slice(0, MOST_PAIRS);
  for (const { given, taken, images } of pairs)
    lines.push(
      `  ${images} given as ${report.classes[given]!.name} and taken for ${report.classes[taken]!.name}`,
    );
  lines.push(
    `  by filter: ${Object.entries(report.issues)
      .map(([filter, count]) => `${uncapitalised(FILTER_WORDS[filter]?.title ?? filter)} ${count}`)
      .join(', ')}`,
  );
  return lines.join('\n');
}

function describeWrong({ share, interval, untold }: WrongShare): string {
  if (untold) return `how many are wrong ${UNTOLD_WORDS[untold]}`;
  return `${percent(share)} wrong (${percent(interval![0])} to ${percent(interval![1])})`;
}
