import { ITEMS_AHEAD } from '../../rpc/contract/reviews.ts';
import type { QueueBoard } from './board.ts';

/**
 * Images of a queue's items that a reviewer has before them or will see at once: all that were given to a client since
 * the core started, and those that a client may still hold from an earlier core, which are the next ones after each
 * reviewer's newest entry and after the first open item.
 *
 * @param shown image id -> 1 where a client was given the item
 */
export function heldItems(board: QueueBoard, shown: Uint8Array): Set<number> {
  const held = new Set(board.items.filter((imageId) => shown[imageId] === 1));
  const starts = [board.items.findIndex((imageId) => !board.state(imageId).closed)];
  for (const [reviewer, entries] of board.byReviewer()) {
    const order = board.order(reviewer);
    const newest = entries.findLast(({ spread }) => spread === 0);
    if (!newest) continue;
    const gold = order.goldOf(newest.imageId);
    starts.push(gold ? order.at(gold.position).item : board.indexOf(newest.imageId));
  }
  for (const start of starts)
    if (start >= 0)
      for (const imageId of board.items.subarray(start, start + ITEMS_AHEAD + 1)) held.add(imageId);
  return held;
}
