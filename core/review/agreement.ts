import type { Agreement } from '../../rpc/contract/reviews.ts';
import type { Project } from '../project/project.ts';
import { cohensKappa, krippendorffsAlpha } from './agreement-measures.ts';
import type { AnswerRow } from './board.ts';
import { boardOf } from './boards.ts';
import { consensusOf } from './consensus.ts';
import { goldScore, reviewersOfGold } from './gold.ts';
import { medianMs } from './times.ts';

/**
 * How far the reviewers of a queue agree, and how each one did. An answer is the class that it leaves the image with,
 * or `reject`; each reviewer's newest standing one counts, as given before any adjudication. Corrected boxes are not
 * compared here.
 */
export function agreementOf(project: Project, queueId: number | null): Agreement {
  const { store } = project;
  const board = boardOf(store, queueId);
  const names = store.batches.labelNames();
  const said = ({ verdict, labelId }: AnswerRow): string =>
    verdict === 'reject' ? 'reject' : (names.get(labelId ?? 0) ?? 'without a label');
  const units: string[][] = [];
  const answersOf = new Map<string, Map<number, string>>();
  const upheld = new Map<string, { items: number; stood: number }>();
  for (const [imageId, { answers, adjudicated }] of board.states()) {
    units.push(answers.map(said));
    for (const answer of answers) {
      const own = answersOf.get(answer.reviewer) ?? new Map<number, string>();
      answersOf.set(answer.reviewer, own.set(imageId, said(answer)));
      if (!adjudicated) continue;
      const before = upheld.get(answer.reviewer) ?? { items: 0, stood: 0 };
      const stood = said(answer) === said(adjudicated) ? 1 : 0;
      upheld.set(answer.reviewer, { items: before.items + 1, stood: before.stood + stood });
    }
  }
  const entries = board.byReviewer();
  const quality = consensusOf(store, board)?.reviewers;
  const reviewers = [...new Set([...answersOf.keys(), ...reviewersOfGold(board)])].sort();
  return {
    items: units.filter((unit) => unit.length > 1).length,
    alpha: krippendorffsAlpha(units),
    pairs: pairsOf(reviewers, answersOf),
    reviewers: reviewers.map((reviewer) => ({
      reviewer,
      answers: answersOf.get(reviewer)?.size ?? 0,
      medianMs: medianMs(entries.get(reviewer) ?? []),
      gold: goldScore(store, board, reviewer),
      upheld: upheld.get(reviewer) ?? { items: 0, stood: 0 },
      quality: quality?.get(reviewer) ?? null,
    })),
  };
}

/** Every two reviewers who answered an item in common. */
function pairsOf(reviewers: string[], answersOf: Map<string, Map<number, string>>): Agreement['pairs'] {
  return reviewers.flatMap((a, i) =>
    reviewers.slice(i + 1).flatMap((b) => {
      const ofA = answersOf.get(a) ?? new Map<number, string>();
      const ofB = answersOf.get(b) ?? new Map<number, string>();
      const both = [...ofA].flatMap(([image, answer]): [string, string][] => {
        const other = ofB.get(image);
        return other === undefined ? [] : [[answer, other]];
      });
      return both.length === 0 ? [] : [{ a, b, ...cohensKappa(both) }];
    }),
  );
}
