import type { NamedJudgementRow } from '../../db/queries/decisions.ts';
import type { ExportItem, Judgement } from './formats/define.ts';

/** What a release says of the people who judged an image. `decisionId`: the decision that holds, if one does. */
export function judgedBy(
  rows: readonly NamedJudgementRow[],
  decisionId: number | null,
): Pick<ExportItem, 'judgements' | 'settled' | 'adjudicator' | 'grid'> {
  const held = rows.find(({ id }) => id === decisionId) ?? null;
  return {
    settled: held && settledBy(held),
    adjudicator: held?.purpose === 'adjudication' ? held.reviewer : null,
    grid: held?.grid ?? null,
    judgements: rows.map((row) => ({
      reviewer: row.reviewer,
      verdict: row.verdict,
      label: row.label,
      reason: row.reason,
      decidedAt: row.at,
      purpose: row.purpose,
      queue: row.queueId,
      blind: row.blind === 1,
      spread: row.spread === 1,
      grid: row.grid,
    })),
  };
}

/** How many judgements a release states, and how many of them were made in a grid. */
export class JudgementCount {
  made = 0;
  inGrids = 0;

  add(judgements: readonly Judgement[]): void {
    this.made += judgements.length;
    for (const { grid } of judgements) if (grid !== null) this.inGrids++;
  }
}

function settledBy({ purpose, queueId, reviewers }: NamedJudgementRow): ExportItem['settled'] {
  if (purpose === 'adjudication') return 'adjudication';
  if (queueId === null) return 'direct';
  return reviewers > 1 ? 'agreement' : 'review';
}
