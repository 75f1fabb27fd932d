import type { ImageSort } from '../../rpc/contract/images.ts';
import type { ScoreColumn } from './score-columns.ts';

/** By what a list is put in order: the numbers themselves, a given order, or a score. */
export type Order = 'added' | Uint32Array | ScoreColumn;

/**
 * The images of a mask in order. By a score, equal values stand in the order of import both ways, and images without a
 * value come last both ways.
 */
export function ordered(mask: Uint8Array, count: number, by: Order, order: ImageSort['order']): Uint32Array {
  const found = new Uint32Array(count);
  let at = 0;
  if (by === 'added') {
    if (order === 'ascending') for (let id = 1; id < mask.length; id++) if (mask[id]) found[at++] = id;
    if (order === 'descending') for (let id = mask.length - 1; id > 0; id--) if (mask[id]) found[at++] = id;
    return found;
  }
  const ids = by instanceof Uint32Array ? by : by.order;
  if (order === 'ascending') {
    for (let i = 0; i < ids.length; i++) if (mask[ids[i]!]) found[at++] = ids[i]!;
  } else if (by instanceof Uint32Array) {
    for (let i = ids.length - 1; i >= 0; i--) if (mask[ids[i]!]) found[at++] = ids[i]!;
  } else at = descending(mask, by, found);
  if (!(by instanceof Uint32Array))
    for (let id = 1; id < mask.length; id++)
      if (mask[id] && !(id < by.values.length && !Number.isNaN(by.values[id]))) found[at++] = id;
  return found;
}

/** Backwards over the values, forwards over each run of equal ones. */
function descending(mask: Uint8Array, { order, tied }: ScoreColumn, found: Uint32Array): number {
  let at = 0;
  for (let end = order.length; end > 0;) {
    let start = end - 1;
    while (tied[start] === 1) start--;
    for (let i = start; i < end; i++) if (mask[order[i]!]) found[at++] = order[i]!;
    end = start;
  }
  return at;
}
