import { counted, integer, percent } from '../../rpc/format.ts';
import type { ProjectStatus } from '../../rpc/contract/projects.ts';
import { filesSentence } from '../../rpc/contract/counts.ts';
import { certaintyCounts } from '../../rpc/contract/copies.ts';
import {
  CERTAINTIES,
  FINDINGS,
  findingNoun,
  SETTLING_RULES,
  stratumTitle,
} from '../../rpc/contract/terms.ts';
import { answer, command, table } from '../command.ts';
import { ERRORS, type ErrorCode } from '../../rpc/errors.ts';
import { mixLine } from './mix.ts';
import { clockLines } from './verify.ts';
import { userPath } from '../session.ts';

export function statusCommand() {
  return command(
    'status',
    'The state of the project, and the bound on the images nobody reviewed',
    'assay status parts',
  )
    .argument('<project>', 'the project')
    .option('--check', 'end with an exit code of its own for what a pipeline must not pass over')
    .addHelpText('after', CHECK_HELP)
    .action((project: string, options: { check?: boolean; json?: boolean }) =>
      answer(options, async ({ core }) => {
        const status = await core.projects.status({ project: userPath(project) });
        const failed = options.check ? CHECKS.find(({ isSo }) => isSo(status)) : undefined;
        return {
          json: status,
          text: describeStatus(status),
          ...(failed && { exit: ERRORS[failed.code].exit }),
        };
      }),
    );
}

/** What `--check` looks for, most urgent first. */
const CHECKS: { code: ErrorCode; words: string; isSo: (status: ProjectStatus) => boolean }[] = [
  {
    code: 'RECORD_DIFFERS',
    words: 'the record is not the one that is known',
    isSo: ({ alarm }) => alarm !== null,
  },
  {
    code: 'COLLAPSE_ALARM',
    words: 'the alarm of collapse stands, or the newest training round is called out',
    isSo: ({ watch, round }) => (watch?.alarm ?? null) !== null || (round?.alarms.length ?? 0) > 0,
  },
  {
    code: 'NOT_READY',
    words: 'a synthetic batch is not measured yet (assay watch)',
    isSo: ({ watch }) => (watch?.unmeasured.length ?? 0) > 0,
  },
];

const CHECK_HELP = [
  '\nExit codes of --check, the first that applies:',
  ...CHECKS.map(({ code, words }) => `  ${ERRORS[code].exit}  ${words}`),
  '   0  none of these',
].join('\n');

/** The state of a project, in lines for people. */
export function describeStatus(status: ProjectStatus): string {
  const { images, flagged, queue, decisions, realShare } = status;
  const lines = [`${status.project.name} (${status.project.folder})`];
  if (status.alarm !== null)
    lines.unshift(`ALARM: ${status.alarm.message}`, `details: ${status.alarm.details}`, '');
  if (status.batches.length > 0)
    lines.push(
      table(
        status.batches.map((batch) => [
          '',
          batch.name,
          batch.role,
          integer(batch.files - batch.broken),
          batch.files - batch.broken === 1 ? 'image' : 'images',
          batch.broken > 0 ? `${batch.broken} broken` : '',
        ]),
      ),
    );
  else lines.push('  no images yet: assay import');
  lines.push(`Classes: ${status.classes.length === 0 ? 'none' : status.classes.join(', ')}`);
  if (status.model !== null) lines.push(`Model: ${status.model}`);
  if (realShare.share !== null)
    lines.push(
      `Real share of the training mix: ${percent(realShare.share, 0)} (${realShare.verdict}; ${images.real} real, ${images.synthetic} synthetic)`,
    );
  if (status.mix !== null) lines.push(mixLine(status.mix));
  if (status.round !== null)
    lines.push(
      `Training round ${status.round.name}: ${percent(status.round.realShare)} real, ${counted(status.round.newRealImages, 'new real image')}`,
      ...status.round.alarms.map((alarm) => `  CALLED OUT: ${alarm}`),
    );
  if (status.watch !== null)
    lines.push(`${status.watch.alarm ? 'ALARM: ' : ''}Batch after batch: ${status.watch.sentence}`);
  lines.push(
    status.run
      ? `Scored: run ${status.run.id}, ${counted(status.run.images, 'image')}, ${status.run.model} on ${status.run.device}`
      : 'Not scored yet: assay score',
  );
  for (const { of, images: rows, recall } of status.run?.searches ?? [])
    lines.push(
      `  ${of}: ${counted(rows, 'image')} searched through an index that finds ${percent(recall)} of the true nearest ones`,
    );
  lines.push(filesSentence(status.counts));
  const found = FINDINGS.filter((finding) => flagged[finding] > 0);
  const copied = SETTLING_RULES.filter((rule) => status.duplicates[rule] > 0);
  if (found.length > 0)
    lines.push(
      `By rule: ${found.map((finding) => `${flagged[finding]} ${findingNoun(finding, flagged[finding])}`).join(', ')}`,
    );
  const certain = certaintyCounts(
    Object.fromEntries(
      CERTAINTIES.map((certainty) => [
        certainty,
        status.copies[certainty].open + status.copies[certainty].copy,
      ]),
    ),
  );
  if (certain !== '') lines.push(`Copies: ${certain}`);
  if (status.counts.overruled > 0)
    lines.push(`Called no copies by a person: ${counted(status.counts.overruled, 'pair')}`);
  if (copied.length > 0)
    lines.push(
      `Duplicate files: ${copied.map((rule) => `${status.duplicates[rule]} ${findingNoun(rule, status.duplicates[rule])}`).join(', ')}`,
    );
  if (queue) {
    lines.push(`Queue ${queue.id}: ${queue.decided} of ${queue.items} decided`);
    lines.push(
      table(
        queue.strata.map((part) => [
          '',
          stratumTitle(part.stratum).toLowerCase(),
          part.decided,
          'of',
          part.items,
          `decided, ${part.changed} changed`,
        ]),
      ),
    );
  } else lines.push('No queue yet: assay queue --budget 8%');
  lines.push(
    `Decided: ${counted(status.counts.decided, 'image')}, ${decisions.accept} accepted, ${decisions.relabel} relabelled, ${decisions.reject} rejected`,
  );
  lines.push(status.estimateText);
  lines.push(`Ledger: ${counted(status.events, 'event')}, head ${status.head}`);
  lines.push(...clockLines(status.clockJumps, 3));
  return lines.join('\n');
}
