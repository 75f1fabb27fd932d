import type { Store } from '../../db/store.ts';
import { AssayError } from '../../rpc/errors.ts';
import { QueueBoard } from './board.ts';

const boards = new WeakMap<Store, Map<number, QueueBoard>>();

/**
 * A queue as it stands now; the newest one for null. Made on first use and kept while the project is open. Throws
 * `NOT_READY` where there is no queue, `NOT_FOUND` for a number that is none.
 */
export function boardOf(store: Store, queueId: number | null): QueueBoard {
  const queue = queueId === null ? store.queue.last() : store.queue.byId(queueId);
  if (!queue)
    throw queueId === null
      ? new AssayError('NOT_READY', 'There is no queue yet. Make one: assay queue <project> --budget 8%')
      : new AssayError('NOT_FOUND', `There is no queue ${queueId} in this project.`);
  let known = boards.get(store);
  if (!known) boards.set(store, (known = new Map()));
  let board = known.get(queue.id);
  if (!board) known.set(queue.id, (board = new QueueBoard(store, queue)));
  board.refresh();
  return board;
}

/** Drops what is kept of a queue whose order has changed. */
export function forgetBoard(store: Store, queueId: number): void {
  boards.get(store)?.delete(queueId);
}
