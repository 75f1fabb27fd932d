import type { Store } from '../../db/store.ts';
import type { AskNext, Conflict } from '../../rpc/contract/reviews.ts';
import { AssayError } from '../../rpc/errors.ts';
import { activeLab } from '../labels/crowd/active-lab.ts';
import type { Crowd } from '../labels/crowd/crowd.ts';
import { crowdlab } from '../labels/crowd/crowdlab.ts';
import type { Project } from '../project/project.ts';
import { boardOf, type ItemState, type QueueBoard } from './board.ts';
import { modelViewOf } from './model-view.ts';

/** Most probabilities held in memory, 8 bytes each. */
const MOST_VALUES = 2_000_000;
const MOST_ITEMS = 10_000;

export type Suggestion = NonNullable<Conflict['suggestion']>;

interface AnsweredItems {
  crowd: Crowd;
  imageIds: number[];
  reviewers: string[];
  classes: string[];
}

/**
 * What the reviewers of a queue and the run's model say together (CROWDLAB): a label per item with the chance that it
 * is right, and how good each reviewer's answers are. Null until some item has answers from two reviewers. Items that
 * anybody rejected are left out, since the model knows only classes; so is everything after the first 10,000 items, or
 * 2 million probabilities, in the queue's order.
 */
export function consensusOf(
  store: Store,
  board: QueueBoard,
): { suggestions: Map<number, Suggestion>; reviewers: Map<string, number> } | null {
  const items = answeredItems(store, board);
  const { crowd, imageIds, reviewers, classes } = items;
  const several = imageIds.some((imageId) => board.state(imageId).answers.length > 1);
  if (!several || crowd.classes < 2) return null;
  const { consensus, quality, annotatorQuality } = crowdlab(crowd);
  return {
    suggestions: new Map(
      imageIds.map((imageId, i) => [imageId, { label: classes[consensus[i]!]!, quality: quality[i]! }]),
    ),
    reviewers: new Map(
      reviewers.flatMap((reviewer, j): [string, number][] =>
        Number.isNaN(annotatorQuality[j]!) ? [] : [[reviewer, annotatorQuality[j]!]],
      ),
    ),
  };
}

/**
 * The items of a queue for which another answer would tell most (ActiveLab), answered or not, best first. Items that
 * were adjudicated or rejected, or wait for a specialist, are left out. `NOT_READY` before the first answer.
 */
export function askNext(project: Project, queueId: number | null, count: number): AskNext[] {
  const { store } = project;
  const board = boardOf(store, queueId);
  const { crowd, imageIds, reviewers, classes } = answeredItems(store, board);
  if (imageIds.length === 0)
    throw new AssayError(
      'NOT_READY',
      `Nobody has named a class in queue ${board.queue.id} yet: there is nothing to learn from what people say.`,
    );
  const open = [...board.items]
    .filter((imageId) => board.entries(imageId).length === 0)
    .slice(0, mostItems(classes.length));
  const view = modelViewOf(store, board.queue.runId);
  const found = activeLab(crowd, view.matrix(open));
  const blind = board.queue.blind === 1;
  const asked = imageIds.flatMap((imageId, i): AskNext[] => {
    const { adjudicated, flaggedBy } = board.state(imageId);
    if (adjudicated || flaggedBy.length > 0) return [];
    const label = found.labels && classes[found.labels.consensus[i]!]!;
    return [
      {
        sha256: store.review.shown(imageId)!.sha256,
        answeredBy: reviewers.filter((_, j) => crowd.answers[i * reviewers.length + j]! >= 0),
        score: found.answered[i]!,
        suggestion: label && !blind ? { label, quality: found.labels!.quality[i]! } : null,
      },
    ];
  });
  for (const [i, imageId] of open.entries())
    asked.push({
      sha256: store.review.shown(imageId)!.sha256,
      answeredBy: [],
      score: found.unanswered[i]!,
      suggestion: null,
    });
  // The sort is stable: ties stay in the queue's order, answered items first.
  return asked.sort((a, b) => a.score - b.score).slice(0, count);
}

function mostItems(classes: number): number {
  return Math.min(MOST_ITEMS, Math.ceil(MOST_VALUES / classes));
}

function answeredItems(store: Store, board: QueueBoard): AnsweredItems {
  const labels = store.batches.labels();
  const classOf = new Map(labels.map(({ id }, k) => [id, k]));
  const isOfClasses = ({ answers }: ItemState): boolean =>
    answers.length > 0 &&
    answers.every(({ verdict, labelId }) => verdict !== 'reject' && classOf.has(labelId ?? 0));
  const imageIds = [...board.states()]
    .filter(([, state]) => isOfClasses(state))
    .map(([imageId]) => imageId)
    .sort((a, b) => board.indexOf(a) - board.indexOf(b))
    .slice(0, mostItems(labels.length));
  const reviewers = [
    ...new Set(imageIds.flatMap((imageId) => board.state(imageId).answers.map(({ reviewer }) => reviewer))),
  ].sort();
  const answers = new Int32Array(imageIds.length * reviewers.length).fill(-1);
  for (const [i, imageId] of imageIds.entries())
    for (const { reviewer, labelId } of board.state(imageId).answers)
      answers[i * reviewers.length + reviewers.indexOf(reviewer)] = classOf.get(labelId!)!;
  return {
    crowd: {
      classes: labels.length,
      annotators: reviewers.length,
      answers,
      probabilities: modelViewOf(store, board.queue.runId).matrix(imageIds),
    },
    imageIds,
    reviewers,
    classes: labels.map(({ name }) => name),
  };
}
