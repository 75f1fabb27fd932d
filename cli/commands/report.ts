import { writeFileSync } from 'node:fs';
import type { BatchReport } from '../../rpc/contract/reports.ts';
import { answer, command, table } from '../command.ts';
import { reportPage } from '../report-page.ts';
import { userPath } from '../session.ts';
import { wholeNumber } from './import.ts';

interface Options {
  batch?: string;
  seed: number;
  html?: string;
  json?: boolean;
}

export function reportCommand() {
  return command(
    'report',
    'Measure a synthetic batch against the real images: fidelity, diversity, copies, drift',
    'assay report parts --batch night-drive --html night-drive.html',
  )
    .argument('<project>', 'the project')
    .option('--batch <name>', 'the batch; the newest synthetic one where none is named')
    .option('--seed <n>', 'draws the samples', wholeNumber, 1)
    .option('--html <file>', 'write it as a page too')
    .action((project: string, options: Options) =>
      answer(options, async ({ core, follow, say, signal }) => {
        const input = { project: userPath(project), batch: options.batch ?? null, seed: options.seed };
        const report = await follow(core.reports.batch(input, { signal }));
        if (options.html !== undefined) {
          writeFileSync(userPath(options.html), reportPage(report));
          say(`Written to ${options.html}`);
        }
        return { json: report, text: describeReport(report) };
      }),
    );
}

const figure = (value: number | null): string => (value === null ? '-' : value.toPrecision(3));

/** A report in lines for people: every measure beside what real images give. */
function describeReport(report: BatchReport): string {
  const rows = report.measures.map(({ title, value, band, outside, why }) => [
    title,
    figure(value),
    band ? `${figure(band[0])} to ${figure(band[2])}` : (why ?? ''),
    outside ? 'outside' : '',
  ]);
  const { drift } = report;
  return [
    `${report.batch}: ${report.images} images against ${report.real} real ones; medians of ${report.draws} draws of ${report.sample}, with ${report.model}`,
    table([['', 'batch', 'real against real (95 %)', ''], ...rows]),
    report.alarm.text,
    ...(drift
      ? [
          `Against ${drift.previous}: energy distance ${figure(drift.distance)}, p = ${figure(drift.p)} (${drift.p <= 0.01 ? 'the generator changed' : 'no change shown'}).`,
        ]
      : []),
    ...report.memorised
      .slice(0, 5)
      .map(({ path, realPath, ratio }) => `Look: ${path} beside ${realPath} (ratio ${figure(ratio)})`),
    ...report.advice,
    ...report.notes,
  ].join('\n');
}
