import { useCallback, useEffect, useRef, useState } from 'react';
import { counted, integer } from '../../parts/format.ts';
import { announce } from '../../parts/announce.tsx';
import { reportFailure } from '../../parts/report-failure.ts';
import type { RowPages } from './grid/row-pages.ts';
import {
  MAX_RANGE,
  NOTHING,
  onlyOne,
  rangeOf,
  wholeView,
  withRange,
  withToggled,
  type Picked,
  type Selection,
} from './selection.ts';

export interface SelectionInUse {
  selection: Selection;
  count: number;
  point: (index: number, how: 'only' | 'toggle' | 'range' | 'add-range') => void;
  moveCursor: (index: number) => void;
  chooseView: () => void;
  choose: (images: readonly Picked[]) => void;
  clear: () => void;
}

/** The selection in one view; another view begins with none. */
export function useSelection(pages: RowPages, onImage: (sha256: string) => void): SelectionInUse {
  const [held, setHeld] = useState({ pages, selection: NOTHING });
  if (held.pages !== pages) setHeld({ pages, selection: NOTHING });
  const selection = held.pages === pages ? held.selection : NOTHING;
  const now = useRef(selection);
  useEffect(() => {
    now.current = selection;
  }, [selection]);
  const set = useCallback(
    (next: Selection) => {
      now.current = next;
      setHeld({ pages, selection: next });
    },
    [pages],
  );
  /** Grows with every act: rows that arrive for an earlier one are no longer wanted. */
  const act = useRef(0);

  const point = useCallback<SelectionInUse['point']>(
    (index, how) => {
      const mine = ++act.current;
      const before = now.current;
      // The cursor follows the key at once, the choice as soon as the rows are known.
      set({ ...before, cursor: index });
      void (async () => {
        const isRange = how === 'range' || how === 'add-range';
        const range = rangeOf(isRange ? (before.anchor ?? before.cursor ?? index) : index, index);
        if (range.end - range.first > MAX_RANGE) {
          reportFailure(
            'The range is too long',
            new Error(
              `A range holds at most ${integer(MAX_RANGE)} images. Filter to what you mean and choose all of it.`,
            ),
          );
          return;
        }
        const rows = await rowsOf(pages, range.first, range.end);
        const image = rows.at(index === range.first ? 0 : -1);
        if (mine !== act.current || !image) return;
        if (isRange) set(withRange(before, rows, index, how === 'add-range'));
        else set(how === 'only' ? onlyOne(image, index) : withToggled(before, image, index));
        onImage(image.sha256);
      })().catch((error: unknown) => reportFailure('The images could not be chosen', error));
    },
    [pages, set, onImage],
  );

  const moveCursor = useCallback((index: number) => set({ ...now.current, cursor: index }), [set]);
  const chooseView = useCallback(() => {
    act.current += 1;
    set(wholeView(now.current));
    announce(`All ${counted(pages.total, 'image')} of the view chosen`);
  }, [pages, set]);
  const choose = useCallback(
    (images: readonly Picked[]) => set(withRange({ ...now.current, cursor: null }, images, 0, false)),
    [set],
  );
  const clear = useCallback(() => {
    act.current += 1;
    set({ ...NOTHING, cursor: now.current.cursor, anchor: now.current.cursor });
  }, [set]);

  const count = selection.isWholeView ? pages.total : selection.picked.size;
  return { selection, count, point, moveCursor, chooseView, choose, clear };
}

async function rowsOf(pages: RowPages, first: number, end: number): Promise<Picked[]> {
  const held = Array.from({ length: end - first }, (_, i) => pages.at(first + i));
  const rows = held.every((row) => row !== undefined) ? held : await pages.load(first, end);
  return rows.flatMap((row) => (row ? [{ sha256: row.sha256, id: row.id }] : []));
}
