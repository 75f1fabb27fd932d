import type { HandoutRow } from '../../db/queries/handouts.ts';
import type { Store } from '../../db/store.ts';
import type { HandoutOf, HandoutState, LeftAnswer } from '../../rpc/contract/handouts.ts';
import { AssayError } from '../../rpc/errors.ts';
import { EVENTS } from '../ledger/events.ts';
import { record } from '../ledger/ledger.ts';
import { handoutOf } from '../project/handout-of.ts';
import type { Project, WritableProject } from '../project/project.ts';
import { boardOf, type AnswerRow, type QueueBoard } from '../review/board.ts';
import { goldScore } from '../review/gold.ts';
import { toLeftAnswer } from './collect.ts';
import { handoutRow } from './make-handouts.ts';

/** What a project is a hand-out of; null where it is none. */
export function describeHandout({ store }: Project): HandoutOf | null {
  const found = handoutOf(store);
  if (!found) return null;
  const { name, queue, reviewer, pictures, expires = null } = found;
  return { handout: store.batches.project()!.uid, project: name, queue, reviewer, pictures, expires };
}

/** Who has what, since when, how far; newest first. */
export function listHandouts({ store }: Project): HandoutState[] {
  const left = leftBy(store);
  return store.handouts.all().map((row) => stateOf(store, row, left.get(row.handout) ?? []));
}

function stateOf(store: Store, row: HandoutRow, left: LeftAnswer[]): HandoutState {
  const { handout, queue, reviewer, pictures, at, by, expires } = row;
  const board = boardOf(store, queue);
  const gold = goldScore(store, board, reviewer);
  return {
    handout,
    queue,
    reviewer,
    pictures,
    at,
    by,
    expires,
    recalled: recallOf(store, row),
    items: store.handouts.items(handout).length,
    answered: store.handouts.answered(handout),
    cameBack: row.takenSeq === null ? null : store.events.at(row.takenSeq)!.at,
    left,
    gold: gold && { seen: gold.seen, right: gold.right, accuracy: gold.accuracy },
    agreement: agreementWith(board, reviewer),
  };
}

function recallOf(store: Store, { recalledSeq }: HandoutRow): HandoutState['recalled'] {
  if (recalledSeq === null) return null;
  const { at, actor, body } = store.events.at(recalledSeq)!;
  return { at, by: actor, reason: EVENTS['handout.recalled'].parse(JSON.parse(body)).reason ?? null };
}

/** How far a reviewer says what everybody else says, of the items of a queue that others answered too. */
function agreementWith(board: QueueBoard, reviewer: string): HandoutState['agreement'] {
  const said = ({ verdict, labelId }: AnswerRow): string =>
    verdict === 'reject' ? 'reject' : String(labelId);
  let [items, alike] = [0, 0];
  for (const [, { answers }] of board.states()) {
    const own = answers.find((answer) => answer.reviewer === reviewer);
    if (!own || answers.length < 2) continue;
    items++;
    if (answers.every((answer) => said(answer) === said(own))) alike++;
  }
  return items === 0 ? null : { items, alike };
}

/** Every answer that was not taken, by its hand-out. */
function leftBy(store: Store): Map<string, LeftAnswer[]> {
  const found = new Map<string, LeftAnswer[]>();
  for (const { body } of store.events.ofKind('answers.collected')) {
    const { handout, left } = EVENTS['answers.collected'].parse(JSON.parse(body));
    found.set(handout, [...(found.get(handout) ?? []), ...left.map(toLeftAnswer)]);
  }
  return found;
}

/** Recalls a hand-out: answers given after this are not taken. Throws `NOT_FOUND`, and `NOT_READY` where it was done. */
export function recallHandout(
  project: WritableProject,
  by: string,
  handout: string,
  reason: string | null,
): HandoutState {
  const { store } = project;
  const row = handoutRow(store, handout);
  if (row.recalledSeq !== null)
    throw new AssayError(
      'NOT_READY',
      `The hand-out of ${row.reviewer} was recalled already, at ${row.recalledAt}.`,
    );
  record(store, by, 'handout.recalled', { handout, reason: reason ?? undefined });
  return stateOf(store, handoutRow(store, handout), leftBy(store).get(handout) ?? []);
}
