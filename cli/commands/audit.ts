import { counted, percent } from '../../rpc/format.ts';
import { InvalidArgumentError } from 'commander';
import type { AuditPlan, AuditReport } from '../../rpc/contract/audit.ts';
import { answer, command, firstLines, table } from '../command.ts';
import { userPath } from '../session.ts';

interface Options {
  plan?: number;
  confidence: number;
  json?: boolean;
}

export function auditCommand() {
  return command(
    'audit',
    'The bound on the images nobody reviewed, part by part, or how many audits a bound needs',
    'assay audit parts\nassay audit parts --plan 1%                  (how many audit items for at most 1 % at 95 %?)\nassay audit parts --plan 0.5% --confidence 99%',
  )
    .argument('<project>', 'the project')
    .option('--plan <share>', 'plan for a rest with at most this share wrong', parseShareOfRest)
    .option('--confidence <share>', 'how sure the planned bound is to be', parseShareOfRest, 0.95)
    .action((path: string, { plan, confidence, ...options }: Options) =>
      answer(options, async ({ core }) => {
        const project = userPath(path);
        if (plan !== undefined) {
          const planned = await core.audit.plan({ project, maxRate: plan, confidence });
          return { json: planned, text: describePlan(planned) };
        }
        const report = await core.audit.report({ project });
        return { json: report, text: describeReport(report) };
      }),
    );
}

/** `1%` or `0.01`, above 0 and below 1. */
function parseShareOfRest(text: string): number {
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (text.trim() === '' || !(value > 0 && value < 1))
    throw new InvalidArgumentError('give a percentage such as 1%, or a number between 0 and 1');
  return value;
}

function describePlan({ population, audits, maxRate, confidence, sizes }: AuditPlan): string {
  const together = audits === 0 ? '' : `, together with ${counted(audits, 'earlier audit')}`;
  return [
    `To show that at most ${percent(maxRate, 2)} of ${counted(population, 'image')} that nobody reviewed is wrong, with ${percent(confidence, 2)} confidence${together}:`,
    table(
      sizes.map(({ allowedErrors, size }) => [
        '',
        size,
        `${size === 1 ? 'audit item' : 'audit items'}${size >= population ? ': all of them' : ''}`,
        allowedErrors === 0
          ? 'if none is wrong'
          : `if at most ${allowedErrors} ${allowedErrors === 1 ? 'is' : 'are'} wrong`,
      ]),
    ),
    'Settle on one line before anybody looks, and give the queue that audit share: drawing until it pleases proves nothing.',
  ].join('\n');
}

const BY_WORDS = { class: 'class', batch: 'batch', risk: 'how likely the label is wrong' } as const;

function describeReport({ text, breakdowns, faults, queueRecallLower, reviewers }: AuditReport): string {
  const lines = [text];
  if (faults)
    lines.push(
      `By the audits' rate there are about ${counted(Math.round(faults.total), 'fault')} in all (standard error ${faults.standardError.toFixed(0)}); ${counted(faults.found, 'is', 'are')} found.`,
    );
  if (queueRecallLower !== null)
    lines.push(`Ranked queues brought up at least ${percent(queueRecallLower, 2)} of them.`);
  if (reviewers) lines.push(reviewers.text);
  for (const { by, parts, rateUpper } of breakdowns) {
    lines.push(`By ${BY_WORDS[by]} (together at most ${percent(rateUpper, 2)}, valid for any parts):`);
    const rows = table(
      parts.map(({ name, population, sampled, wrong, rateUpper: upper }) => [
        '',
        name,
        population,
        population === 1 ? 'image' : 'images',
        sampled,
        'audited',
        wrong,
        'wrong',
        `at most ${percent(upper, 2)}`,
      ]),
    );
    lines.push(...firstLines(rows.split('\n'), 12));
  }
  return lines.join('\n');
}
