import { counted, percent } from '../../rpc/format.ts';
import type { Agreement, AskNext, Conflict } from '../../rpc/contract/reviews.ts';
import { answer, command, firstLines, table } from '../command.ts';
import { defaultActor, userPath } from '../session.ts';
import { wholeNumber } from './import.ts';

export function agreementCommand() {
  return command(
    'agreement',
    'How far reviewers agree, how they did on items with a known label, and what they do not agree on',
    'assay agreement parts\nassay agreement parts --next 20           (where another answer would help most)\nassay agreement parts --queue 2 --json    (with every gold answer; not for the reviewers)',
  )
    .argument('<project>', 'the project')
    .option('--queue <n>', 'the queue; the newest one by itself', wholeNumber)
    .option('--next <n>', 'list this many items where one more answer would tell most', wholeNumber)
    .option(
      '--by <name>',
      'who asks: closed to those still reviewing a queue with gold items',
      defaultActor(),
    )
    .action((path: string, options: { queue?: number; next?: number; by: string; json?: boolean }) =>
      answer(options, async ({ core }) => {
        const asked = { project: userPath(path), by: options.by, queue: options.queue ?? null };
        const agreement = await core.reviews.agreement(asked);
        const conflicts = await core.reviews.conflicts(asked);
        const gold = await core.reviews.gold(asked);
        if (options.next === undefined)
          return { json: { ...agreement, conflicts, gold }, text: describeAgreement(agreement, conflicts) };
        const next = await core.reviews.askNext({ ...asked, count: options.next });
        return {
          json: { ...agreement, conflicts, gold, next },
          text: `${describeAgreement(agreement, conflicts)}\n${describeNext(next)}`,
        };
      }),
    );
}

const number = (value: number | null): string => (value === null ? 'undefined' : value.toFixed(3));
/** The state of a review by several people, in lines for people. */
function describeAgreement(agreement: Agreement, conflicts: Conflict[]): string {
  if (agreement.reviewers.length === 0) return 'No answers yet.';
  const lines = [
    agreement.items === 0
      ? 'Nothing was answered by two people yet.'
      : `${counted(agreement.items, 'item')} answered by two or more. Agreement beyond chance: ${number(agreement.alpha)} (1 is perfect, 0 is chance)`,
  ];
  for (const { a, b, items, agreed, kappa } of agreement.pairs)
    lines.push(
      `  ${a} and ${b}: ${agreed} of ${items} alike (${percent(agreed / items, 0)}), beyond chance ${number(kappa)}`,
    );
  lines.push(
    table(
      agreement.reviewers.map(({ reviewer, answers, medianMs, gold, upheld, quality }) => [
        '',
        reviewer,
        answers,
        answers === 1 ? 'answer' : 'answers',
        medianMs === null ? '' : `${(medianMs / 1000).toFixed(1)} s each`,
        gold ? `gold ${gold.right} of ${gold.seen}${gold.paused ? ', paused' : ''}` : '',
        upheld.items > 0 ? `upheld ${upheld.stood} of ${upheld.items}` : '',
        quality === null ? '' : `quality ${percent(quality, 0)}`,
      ]),
    ),
  );
  if (conflicts.length > 0) {
    lines.push('To be adjudicated (assay decide --adjudicate):');
    lines.push(
      ...firstLines(
        conflicts.map(
          ({ sha256, answers, questions, suggestion }) =>
            `  ${sha256.slice(0, 12)}  ${[...answers.map((said) => `${said.reviewer}: ${said.label ?? said.verdict}`), ...questions.map((asked) => `${asked.reviewer} asks a specialist${asked.question === null ? '' : `: ${asked.question}`}`)].join(', ')}${suggestion ? `; together with the model ${suggested(suggestion)}` : ''}`,
        ),
        12,
      ),
    );
  }
  return lines.join('\n');
}

const suggested = ({ label, quality }: NonNullable<AskNext['suggestion']>): string =>
  `${label} (${percent(quality, 0)})`;

/** Where another answer would say most, in lines for people. */
function describeNext(next: AskNext[]): string {
  const rows = next.map(({ sha256, answeredBy, score, suggestion }) => [
    '',
    sha256.slice(0, 12),
    score.toFixed(3),
    answeredBy.length === 0 ? 'nobody answered' : `answered by ${answeredBy.join(', ')}`,
    suggestion ? suggested(suggestion) : '',
  ]);
  return `Another answer would say most of:\n${table(rows)}`;
}
