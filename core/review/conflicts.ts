import type { Store } from '../../db/store.ts';
import type { Conflict } from '../../rpc/contract/reviews.ts';
import type { Project } from '../project/project.ts';
import { boardOf, type AnswerRow, type ItemState, type QueueBoard } from './board.ts';
import { consensusOf, type Suggestion } from './consensus.ts';
import { modelViewOf } from './model-view.ts';

/** A list for people to read; `counts.conflicts` counts all. */
const MOST = 200;
const EXAMPLES_PER_ANSWER = 3;

/**
 * Items on which reviewers disagree, or about which a specialist is asked, in the queue's order, at most 200. With `open` false the
 * adjudicated items are listed too. In a blind queue an open conflict shows only the answers.
 */
export function conflictsOf(
  project: Project,
  queueId: number | null,
  open: boolean,
  kind: 'conflict' | 'question' | 'both' = 'both',
): Conflict[] {
  const { store } = project;
  const board = boardOf(store, queueId);
  const names = store.batches.labelNames();
  const shown = [...board.states()]
    .filter(([, state]) => state.conflict || state.question || (!open && state.adjudicated !== null))
    .filter(([, { flaggedBy }]) => kind === 'both' || (kind === 'question') === flaggedBy.length > 0)
    .sort(([a], [b]) => board.indexOf(a) - board.indexOf(b))
    .slice(0, MOST);
  const suggestions = shown.length > 0 ? consensusOf(store, board)?.suggestions : undefined;
  return shown.map(([imageId, state]) =>
    conflictOf(store, board, imageId, state, names, suggestions?.get(imageId) ?? null),
  );
}

function conflictOf(
  store: Store,
  board: QueueBoard,
  imageId: number,
  { answers, adjudicated }: ItemState,
  names: Map<number, string>,
  suggestion: Suggestion | null,
): Conflict {
  const { queue } = board;
  const image = store.review.shown(imageId)!;
  const hidden = queue.blind === 1 && !adjudicated;
  const name = (labelId: number | null): string | null => (labelId === null ? null : names.get(labelId)!);
  const view = modelViewOf(store, queue.runId);
  const vector = view.vector(imageId);
  const top = hidden ? undefined : view.probabilities(imageId, vector?.raw)[0];
  const classes = new Set([...answers.map(({ labelId }) => labelId), top?.labelId ?? null]);
  return {
    queue: queue.id,
    sha256: image.sha256,
    width: image.width,
    height: image.height,
    hidden,
    givenLabel: hidden ? null : name(image.labelId),
    answers: board
      .entries(imageId)
      .filter((row) => answers.includes(row as AnswerRow))
      .map((row) => ({
        reviewer: row.reviewer,
        verdict: row.verdict,
        label: name(row.labelId),
        reason: row.reason,
        comment: row.comment,
        at: row.at,
      })),
    majority: hidden ? null : majorityOf(answers, name),
    predicted: top ? { label: name(top.labelId)!, probability: top.probability } : null,
    suggestion: hidden ? null : suggestion,
    examples: [...classes].flatMap((labelId) =>
      vector && labelId !== null
        ? view.examples(vector.unit, labelId, name(labelId)!, imageId, EXAMPLES_PER_ANSWER)
        : [],
    ),
    adjudicated: adjudicated && {
      by: adjudicated.reviewer,
      verdict: adjudicated.verdict,
      label: name(adjudicated.labelId),
      comment: adjudicated.comment,
      at: adjudicated.at,
    },
    questions: board
      .entries(imageId)
      .filter((row) => row === board.own(row.reviewer, imageId) && row.flagged === 1)
      .map(({ reviewer, comment, reason, at }) => ({ reviewer, question: comment ?? reason, at })),
  };
}

/** The most common answer, null on a tie. */
function majorityOf(
  answers: AnswerRow[],
  name: (labelId: number | null) => string | null,
): Conflict['majority'] {
  const groups = [
    ...Map.groupBy(answers, ({ verdict, labelId }) => (verdict === 'reject' ? 'reject' : labelId)).values(),
  ].sort((a, b) => b.length - a.length);
  const [first, second] = groups;
  if (!first || second?.length === first.length) return null;
  return { verdict: first[0]!.verdict, label: name(first[0]!.labelId) };
}
