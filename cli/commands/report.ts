import { figure, percent } from '../../rpc/format.ts';
import { DEFAULT_SEED } from '../../rpc/contract/terms.ts';
import { writeFileSync } from 'node:fs';
import { MEASURE_GROUPS, rangeWords, tallyWords } from '../../rpc/contract/measures.ts';
import { pairWords, type BatchReport } from '../../rpc/contract/reports.ts';
import { answer, command, table } from '../command.ts';
import { userPath } from '../session.ts';
import { wholeNumber } from './import.ts';

interface Options {
  batch?: string;
  against?: string;
  seed: number;
  html?: string;
  json?: boolean;
}

export function reportCommand() {
  return command(
    'report',
    'Measure a synthetic batch against the real images: fidelity, diversity, copies, drift, what to generate next',
    'assay report parts --batch night-drive --html night-drive.html',
  )
    .argument('<project>', 'the project')
    .option('--batch <name>', 'the batch; the newest synthetic one where none is named')
    .option('--against <name>', 'the batch that it is compared with; the one before it where none is named')
    .option('--seed <n>', 'draws the samples', wholeNumber, DEFAULT_SEED)
    .option('--html <file>', 'write the report on the batch as a page too')
    .action((path: string, options: Options) =>
      answer(options, async ({ run, say }) => {
        const project = userPath(path);
        const { seed } = options;
        const { report, page } = await run('report', {
          project,
          batch: options.batch ?? null,
          against: options.against ?? null,
          seed,
          also: options.html === undefined ? null : 'page',
        });
        if (options.html !== undefined && page !== null) {
          writeFileSync(userPath(options.html), page);
          say(`Written to ${options.html}`);
        }
        return { json: report, text: describeReport(report) };
      }),
    );
}

/** A report in lines for people: what it says, then every measure beside what is as good as real images. */
function describeReport(report: BatchReport): string {
  const { verdict } = report;
  const rows = report.measures.map((measured) => [
    MEASURE_GROUPS[measured.group].title,
    measured.title,
    figure(measured.value),
    rangeWords(measured) ?? measured.why ?? '',
    measured.outside ? 'outside' : '',
  ]);
  const classRows = report.classes.map(({ name, real, generated, measures, why }) => {
    const of = (id: string): string => figure(measures.find((measured) => measured.id === id)?.value);
    return [
      name ?? 'no label',
      String(real),
      String(generated),
      of('coverage'),
      of('recall'),
      of('precision'),
      why ?? tallyWords(measures),
    ];
  });
  const wanted = report.plan.filter(({ generate, vary }) => generate > 0 || vary);
  return [
    verdict.headline,
    verdict.basis,
    ...verdict.reasons.map(({ group, text }) => `${MEASURE_GROUPS[group].question} ${text}`),
    `Drift: ${verdict.drift.text}`,
    ...report.advice,
    table([['', '', 'batch', 'as good as real images', ''], ...rows]),
    verdict.kinds,
    ...report.clusters.missing.map(
      ({ label, real, generated, examples }) =>
        `Missing: a rare kind of ${label ?? 'unlabelled image'} (${percent(real)} of the real images, ${percent(generated)} of the batch), such as ${examples[0]?.path}`,
    ),
    table([['class', 'real', 'generated', 'coverage', 'recall', 'precision', 'outside'], ...classRows]),
    ...(wanted.length > 0
      ? [
          table([
            ['generate next', 'about', 'because'],
            ...wanted.map(({ name, generate, why }) => [name, String(generate), why.join('; ')]),
          ]),
        ]
      : []),
    ...report.memorised
      .slice(0, 5)
      .map((pair) => `Look: ${pair.path} beside ${pair.realPath} (${pairWords(pair)})`),
    ...report.galleries.vanished.shown
      .slice(0, 5)
      .map(({ path }) => `Vanished: nothing generated comes near ${path}`),
    ...report.notes,
  ].join('\n');
}
