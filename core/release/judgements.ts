import type { NamedJudgementRow } from '../../db/queries/decisions.ts';
import { counted } from '../../rpc/format.ts';
import { distributionOf } from '../ledger/distribution.ts';
import type { ExportItem, Judgement, LossCounter } from './formats/define.ts';

/** What a release says of the people who judged an image. `decisionId`: the decision that holds, if one does. */
export function judgedBy(
  rows: readonly NamedJudgementRow[],
  decisionId: number | null,
): Pick<ExportItem, 'judgements' | 'settled' | 'adjudicator' | 'grid' | 'distribution' | 'annotators'> {
  const held = rows.find(({ id }) => id === decisionId) ?? null;
  const { shares, annotators } = distributionOf(rows);
  return {
    distribution: annotators > 0 ? shares : null,
    annotators,
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
      comment: row.comment,
      guideline: row.guideline,
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

/** Counts the distributions that a format with one label per image leaves out. */
export class DistributionCounter implements LossCounter {
  #images = 0;
  #differ = 0;

  add({ distribution }: ExportItem): void {
    if (!distribution) return;
    this.#images++;
    if (distribution.length > 1) this.#differ++;
  }

  result(): string[] {
    if (this.#images === 0) return [];
    return [
      `${counted(this.#images, 'label distribution')} and the number of annotators of each, who differ in ${this.#differ}; \`assay-manifest.json\` keeps them`,
    ];
  }
}

function settledBy({ purpose, queueId, reviewers, endsIn }: NamedJudgementRow): ExportItem['settled'] {
  if (purpose === 'adjudication') return 'adjudication';
  if (queueId === null) return 'direct';
  if (reviewers === 1) return 'review';
  return endsIn === 'distribution' ? 'distribution' : 'agreement';
}
