import { setImmediate as turn } from 'node:timers/promises';

/** Rows read at a time: other questions wait about 10 ms. */
const PAGE = 20_000;

/** Calls `read` for ranges (after, upTo] that cover the images after one number, yielding to other questions in between. */
export async function inPages(
  after: number,
  upTo: number,
  read: (after: number, upTo: number) => void,
  page = PAGE,
): Promise<void> {
  for (let first = after; first < upTo; first += page) {
    if (first > after) await turn();
    read(first, Math.min(upTo, first + page));
  }
}

/**
 * Calls back with one column of a range, values in image order. If every image of the range has a value, the
 * image numbers need not be read.
 */
export function eachValue(
  [after, upTo]: [number, number],
  values: number[],
  ids: () => number[],
  put: (id: number, value: number) => void,
): void {
  if (values.length === upTo - after) for (let i = 0; i < values.length; i++) put(after + 1 + i, values[i]!);
  else if (values.length > 0) for (const [i, id] of ids().entries()) put(id, values[i]!);
}
