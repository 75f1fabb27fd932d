import { integer, percent } from '../../rpc/format.ts';
import { UNTOLD_WORDS, type LabelReport, type WrongShare } from '../../rpc/contract/scores.ts';
import { answer, command } from '../command.ts';
import { userPath } from '../session.ts';

export function labelsCommand() {
  return command(
    'labels',
    'Say how noisy the labels are, class by class, and what is taken for what',
    'assay labels parts',
  )
    .argument('<project>', 'the project')
    .action((project: string, options: { json?: boolean }) =>
      answer(options, async ({ core }) => {
        const reports = await core.scores.labels({ project: userPath(project) });
        return { json: reports, text: reports.map(describeLabels).join('\n\n') };
      }),
    );
}

/** How many pairs of classes are worth a line. */
const MOST_PAIRS = 8;

function describeLabels(report: LabelReport): string {
  const lines = [
    `${report.role}: ${integer(report.images)}${report.of > report.images ? ` (a sample of ${integer(report.of)})` : ''} labelled ${report.images === 1 ? 'image' : 'images'}, about ${report.risk === null ? '' : `${percent(report.risk)} of the labels wrong by label risk, `}${percent(report.wrongShare)} by confident learning`,
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
      .map(([filter, count]) => `${filter} ${count}`)
      .join(', ')}`,
  );
  return lines.join('\n');
}

function describeWrong({ share, interval, untold }: WrongShare): string {
  if (untold) return `how many are wrong is ${UNTOLD_WORDS[untold]}`;
  return `${percent(share)} wrong (${percent(interval![0])} to ${percent(interval![1])})`;
}
