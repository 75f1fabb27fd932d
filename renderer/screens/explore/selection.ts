/** What the grid needs to know of an image to act on it, wherever it is scrolled to. */
export interface Picked {
  sha256: string;
  id: number;
}

/** Chosen images: all of the view, or those named, bound to their hashes and never to a place on the screen. */
export interface Selection {
  isWholeView: boolean;
  /** By hash; empty while the whole view is chosen. */
  picked: ReadonlyMap<string, Picked>;
  /** Place in the view that the arrow keys move from; null before the first. */
  cursor: number | null;
  /** Where a range began. */
  anchor: number | null;
}

export const NOTHING: Selection = { isWholeView: false, picked: new Map(), cursor: null, anchor: null };

/** Ranges longer than this are better said as a filter, and their rows would have to be fetched first. */
export const MAX_RANGE = 20_000;

export function onlyOne(image: Picked, index: number): Selection {
  return { isWholeView: false, picked: new Map([[image.sha256, image]]), cursor: index, anchor: index };
}

/** Takes one more in, or out again. Out of a whole view nothing can be taken: it becomes that one image. */
export function withToggled(selection: Selection, image: Picked, index: number): Selection {
  if (selection.isWholeView) return onlyOne(image, index);
  const picked = new Map(selection.picked);
  if (!picked.delete(image.sha256)) picked.set(image.sha256, image);
  return { isWholeView: false, picked, cursor: index, anchor: index };
}

/** From the anchor to `cursor`, in place of what was chosen or, with `added`, besides it. */
export function withRange(
  selection: Selection,
  images: readonly Picked[],
  cursor: number,
  added: boolean,
): Selection {
  const before = added && !selection.isWholeView ? selection.picked : [];
  const picked = new Map([...before, ...images.map((image) => [image.sha256, image] as const)]);
  return { isWholeView: false, picked, cursor, anchor: selection.anchor ?? cursor };
}

export function wholeView(selection: Selection): Selection {
  return { ...selection, isWholeView: true, picked: new Map() };
}

export function isChosen(selection: Selection, sha256: string): boolean {
  return selection.isWholeView || selection.picked.has(sha256);
}

/** The first and one past the last place of a range, whichever end it began at. */
export function rangeOf(anchor: number, cursor: number): { first: number; end: number } {
  return { first: Math.min(anchor, cursor), end: Math.max(anchor, cursor) + 1 };
}

export type Move =
  | 'left'
  | 'right'
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'home'
  | 'end'
  | 'row-home'
  | 'row-end';

/** The index that a key moves `cursor` to, clamped to the grid. */
export function moved(
  cursor: number | null,
  move: Move,
  grid: { total: number; columns: number; rowsPerPage: number },
): number {
  const { total, columns, rowsPerPage } = grid;
  const last = total - 1;
  if (cursor === null) return move === 'end' ? last : 0;
  const page = Math.max(rowsPerPage, 1) * columns;
  const column = cursor % columns;
  // The last row may be shorter: a step down into it ends on its last image.
  const lastRow = last - (last % columns);
  const down = (by: number) => (cursor >= lastRow ? cursor : Math.min(cursor + by, last));
  switch (move) {
    case 'left':
      return Math.max(cursor - 1, 0);
    case 'right':
      return Math.min(cursor + 1, last);
    case 'up':
      return cursor < columns ? cursor : cursor - columns;
    case 'down':
      return down(columns);
    case 'page-up':
      return cursor - page >= 0 ? cursor - page : column;
    case 'page-down':
      return cursor + page <= last ? cursor + page : Math.max(cursor, Math.min(lastRow + column, last));
    case 'home':
      return 0;
    case 'end':
      return last;
    case 'row-home':
      return cursor - column;
    case 'row-end':
      return Math.min(cursor - column + columns - 1, last);
    default:
      return move satisfies never;
  }
}
