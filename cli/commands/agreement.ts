import type { Agreement, Conflict } from '../../rpc/contract/reviews.ts';
import { answer, command, firstLines, table } from '../command.ts';
import { userPath } from '../session.ts';
import { wholeNumber } from './import.ts';

export function agreementCommand() {
  return command(
    'agreement',
    'How far reviewers agree, how they did on items with a known label, and what they do not agree on',
    'assay agreement parts\nassay agreement parts --queue 2 --json    (with every gold answer; not for the reviewers)',
  )
    .argument('<project>', 'the project')
    .option('--queue <n>', 'the queue; the newest one by itself', wholeNumber)
    .action((path: string, options: { queue?: number; json?: boolean }) =>
      answer(options, async ({ core }) => {
        const asked = { project: userPath(path), queue: options.queue ?? null };
        const agreement = await core.reviews.agreement(asked);
        const conflicts = await core.reviews.conflicts(asked);
        const gold = await core.reviews.gold(asked);
        return { json: { ...agreement, conflicts, gold }, text: describeAgreement(agreement, conflicts) };
      }),
    );
}

const number = (value: number | null): string => (value === null ? 'undefined' : value.toFixed(3));
const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** The state of a review by several people, in lines for people. */
function describeAgreement(agreement: Agreement, conflicts: Conflict[]): string {
  if (agreement.reviewers.length === 0) return 'Nobody has answered yet.';
  const lines = [
    agreement.items === 0
      ? 'Nothing was answered by two people yet.'
      : `${agreement.items} items answered by two or more. Krippendorff's alpha: ${number(agreement.alpha)}`,
  ];
  for (const { a, b, items, agreed, kappa } of agreement.pairs)
    lines.push(
      `  ${a} and ${b}: ${agreed} of ${items} alike (${percent(agreed / items)}), Cohen's kappa ${number(kappa)}`,
    );
  lines.push(
    table(
      agreement.reviewers.map(({ reviewer, answers, medianMs, gold, upheld }) => [
        '',
        reviewer,
        answers,
        'answers',
        medianMs === null ? '' : `${(medianMs / 1000).toFixed(1)} s each`,
        gold ? `gold ${gold.right} of ${gold.seen}${gold.paused ? ', paused' : ''}` : '',
        upheld.items > 0 ? `upheld ${upheld.stood} of ${upheld.items}` : '',
      ]),
    ),
  );
  if (conflicts.length > 0) {
    lines.push('To be adjudicated (assay decide --adjudicate):');
    lines.push(
      ...firstLines(
        conflicts.map(
          ({ sha256, answers }) =>
            `  ${sha256.slice(0, 12)}  ${answers.map((said) => `${said.reviewer}: ${said.verdict === 'skip' ? 'asks a specialist' : (said.label ?? said.verdict)}`).join(', ')}`,
        ),
        12,
      ),
    );
  }
  return lines.join('\n');
}
