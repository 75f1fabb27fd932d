import { percent } from '../../rpc/format.ts';
import { InvalidArgumentError } from 'commander';
import type { AlignmentReport, Kept } from '../../rpc/contract/scores.ts';
import { answer, command, table } from '../command.ts';
import { userPath } from '../session.ts';

interface Options {
  batch?: string;
  percentile: number;
  json?: boolean;
}

function percentileOf(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 50) || text.trim() === '')
    throw new InvalidArgumentError('Give a percentile from 0 to 50.');
  return value;
}

export function alignCommand() {
  return command(
    'align',
    'Say where the fit to the class could cut, by the real images of each class, and what that would cost',
    'assay align parts --percentile 5',
  )
    .argument('<project>', 'the project')
    .option('--batch <name>', 'cut only this synthetic batch; all of them where none is named')
    .option('--percentile <p>', 'of the real images of a class: what fits less is cut', percentileOf, 5)
    .action((project: string, options: Options) =>
      answer(options, async ({ core, signal }) => {
        const { batch = null, percentile } = options;
        const input = { project: userPath(project), batch, percentile };
        const report = await core.scores.alignment(input, { signal });
        return { json: report, text: describeAlignment(report) };
      }),
    );
}

const share = ({ kept, of }: Kept): string => (of === 0 ? '-' : `${percent(kept / of)} of ${of}`);
const change = (value: { before: number; after: number } | null): string =>
  value ? `${percent(value.before)} to ${percent(value.after)}` : '-';

const EVIDENCE = {
  accepted: 'images that reviewers accepted (mostly suspicious ones: of all good ones it is likely less)',
  holdout: 'hold-out images',
  seed: 'real images (the thresholds come from these very images: a hold-out of 20 images or more gives a fairer number)',
};

function describeAlignment(report: AlignmentReport): string {
  const { classes, total, loss } = report;
  const cells = (row: AlignmentReport['total']): string[] => [
    share(row.batch),
    share(row.seed),
    share(row.holdout),
    share(row.accepted),
    share(row.wrong),
    change(row.coverage),
  ];
  const rows = classes.map((row) => [
    row.name,
    `${row.threshold === null ? '-' : row.threshold.toFixed(3)}${row.pooled && row.threshold !== null ? ' (pooled)' : ''}`,
    ...cells(row),
  ]);
  const against = report.anchor === 'prompts' ? 'the prompts' : 'the middle of the real images';
  return [
    `Run ${report.run} with ${report.model}, against ${against} of the classes; thresholds where the worst ${report.percentile} % of the real images lie`,
    table([
      [
        '',
        'threshold',
        'batch kept',
        'seed kept',
        'hold-out kept',
        'accepted kept',
        'wrong kept',
        'coverage',
      ],
      ...rows,
      ['all', '', ...cells(total)],
    ]),
    loss
      ? `Cutting there would lose ${percent(loss.share)} of ${loss.of} ${EVIDENCE[loss.evidence]}.`
      : 'There are too few images that are known to be good to say what cutting there would lose.',
    ...report.notes,
  ].join('\n');
}
