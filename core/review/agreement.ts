import type { Store } from '../../db/store.ts';
import type { Agreement } from '../../rpc/contract/reviews.ts';
import type { Project } from '../project/project.ts';
import { boardOf, type AnswerRow, type QueueBoard } from './board.ts';
import { consensusOf } from './consensus.ts';
import { goldScore, reviewersOfGold } from './gold.ts';
import { medianMs } from './session.ts';

/**
 * How far the reviewers of a queue agree, and how each did. An answer counts as the class it leaves the image with, or
 * as `reject`; each reviewer's newest standing answer counts, as given before any adjudication. Boxes are not compared.
 */
export function agreementOf(project: Project, queueId: number | null): Agreement {
  const { store } = project;
  const board = boardOf(store, queueId);
  const said = sayingOf(store);
  const answersOf = new Map<string, Map<number, string>>();
  const upheld = new Map<string, { items: number; stood: number }>();
  for (const [imageId, { answers, adjudicated }] of board.states()) {
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
    ...alphaOf(store, board),
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

/** Items of a queue that two reviewers or more answered, and Krippendorff's alpha over them. */
export function alphaOf(store: Store, board: QueueBoard): Pick<Agreement, 'items' | 'alpha'> {
  const said = sayingOf(store);
  const units = Array.from(board.states(), ([, { answers }]) => answers.map(said));
  return {
    items: units.filter((unit) => unit.length > 1).length,
    alpha: krippendorffsAlpha(units),
  };
}

/** What an answer counts as. */
function sayingOf(store: Store): (answer: AnswerRow) => string {
  const names = store.batches.labelNames();
  return ({ verdict, labelId }) =>
    verdict === 'reject' ? 'reject' : (names.get(labelId ?? 0) ?? 'without a label');
}

/** The images of one cell of a pair's confusion table, as `agreementOf` counts them, in the order of the queue. */
export function imagesOfCell(
  { store }: Project,
  queueId: number | null,
  cell: { a: string; b: string; saidA: string; saidB: string; count: number },
): { sha256: string; path: string }[] {
  const said = sayingOf(store);
  const found: { sha256: string; path: string }[] = [];
  for (const [imageId, { answers }] of boardOf(store, queueId).states()) {
    const of = (reviewer: string): string | undefined =>
      answers.filter((answer) => answer.reviewer === reviewer).map(said)[0];
    if (of(cell.a) !== cell.saidA || of(cell.b) !== cell.saidB) continue;
    const { sha256, path } = store.images.byId(imageId)!;
    found.push({ sha256, path });
    if (found.length === cell.count) break;
  }
  return found;
}

/** Every pair of reviewers with an item in common. */
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

/** What two reviewers answered, item by item. */
interface PairAgreement {
  items: number;
  agreed: number;
  /** Null if undefined: nothing in common, or the same answer throughout. */
  kappa: number | null;
  /** Answers in the order of first appearance by name. */
  answers: string[];
  /** Of `a` by row, of `b` by column. */
  confusion: number[][];
}

/**
 * Cohen's kappa (1960), (po - pe) / (1 - pe), with its confusion table; `pairs` holds one [a, b] per item that both
 * answered. pe comes from each reviewer's own marginals. Undefined (null) where pe is 1: no variation.
 */
export function cohensKappa(pairs: readonly (readonly [string, string])[]): PairAgreement {
  const answers = [...new Set(pairs.flat())].sort();
  const index = new Map(answers.map((answer, i) => [answer, i]));
  const confusion = answers.map(() => answers.map(() => 0));
  for (const [a, b] of pairs) confusion[index.get(a)!]![index.get(b)!]!++;
  const items = pairs.length;
  const agreed = answers.reduce((sum, _, i) => sum + confusion[i]![i]!, 0);
  const byChance = answers.reduce((sum, _, i) => {
    const row = confusion[i]!.reduce((total, count) => total + count, 0);
    const column = confusion.reduce((total, counts) => total + counts[i]!, 0);
    return sum + row * column;
  }, 0);
  // In whole numbers: (po - pe) / (1 - pe) with both sides times items squared.
  const kappa = byChance === items * items ? null : (agreed * items - byChance) / (items * items - byChance);
  return { items, agreed, kappa, answers, confusion };
}

/**
 * Krippendorff's alpha for nominal data, 1 - Do / De, any number of reviewers, missing answers allowed: each unit is
 * the list of answers that an item got; units with fewer than two are left out (Krippendorff 2011, "Computing
 * Krippendorff's alpha-reliability"). Null where nothing was answered twice, or all answers are the same.
 */
export function krippendorffsAlpha(units: Iterable<readonly string[]>): number | null {
  const totals = new Map<string, number>();
  let n = 0;
  let disagreement = 0;
  for (const unit of units) {
    const m = unit.length;
    if (m < 2) continue;
    const counts = new Map<string, number>();
    for (const answer of unit) counts.set(answer, (counts.get(answer) ?? 0) + 1);
    let alike = 0;
    for (const [answer, count] of counts) {
      alike += count * count;
      totals.set(answer, (totals.get(answer) ?? 0) + count);
    }
    n += m;
    // Ordered pairs within the unit that differ, each with the weight 1 / (m - 1).
    disagreement += (m * m - alike) / (m - 1);
  }
  let expected = n * n;
  for (const count of totals.values()) expected -= count * count;
  return expected === 0 ? null : 1 - ((n - 1) * disagreement) / expected;
}
