import {
  useCallback,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
  type RefObject,
} from 'react';
import { flushSync } from 'react-dom';
import { groundOf, jumped, rested, rowsInView, scaleOf, scrolled, type ScrollScale } from './scroll-scale.ts';

interface Shape {
  total: number;
  columns: number;
  rowPx: number;
  viewportPx: number;
  /** The image that must stay where it is when the shape changes, if it is in sight; else the first one that is. */
  anchor: number | null;
}

/** Which rows are laid out now, and where. */
interface ScrollWindow {
  groundPx: number;
  /** Where on the ground the first row of all would lie; far outside of it in a list that does not fit. */
  originPx: number;
  firstRow: number;
  endRow: number;
  /** Of these, the rows in sight: what they show is fetched first. */
  firstSeen: number;
  endSeen: number;
  direction: 1 | -1;
}

const AHEAD_VIEWPORTS = 1.5;
const BEHIND_VIEWPORTS = 0.5;

/** Follows the scrolling of `element` over rows of one height. */
export function useScrollWindow(
  element: RefObject<HTMLElement | null>,
  { total, columns, rowPx, viewportPx, anchor }: Shape,
): ScrollWindow & { scrollToRow: (row: number) => void } {
  const rows = Math.ceil(total / columns);
  const scale = useRef<ScrollScale>(scaleOf(0, 0));
  const shape = useRef({ total, columns, rowPx });

  const windowOf = (now: ScrollScale, direction: 1 | -1): ScrollWindow => {
    const perViewport = Math.ceil(viewportPx / rowPx);
    const ahead = Math.ceil(perViewport * AHEAD_VIEWPORTS);
    const behind = Math.ceil(perViewport * BEHIND_VIEWPORTS);
    const [before, after] = direction > 0 ? [behind, ahead] : [ahead, behind];
    const { first, end } = rowsInView(now, rowPx, rows, before, after);
    const seen = rowsInView(now, rowPx, rows, 0, 0);
    return {
      groundPx: now.groundPx,
      originPx: Math.round(groundOf(now, 0)),
      firstRow: first,
      endRow: end,
      firstSeen: seen.first,
      endSeen: seen.end,
      direction,
    };
  };
  const [shown, setShown] = useState(() => windowOf(scale.current, 1));
  const move = useEffectEvent((next: ScrollScale) => {
    const direction = next.offsetPx < scale.current.offsetPx ? -1 : 1;
    scale.current = next;
    const window = windowOf(next, direction);
    // In the same frame as the scrolling itself, or a leap would show bare ground first.
    flushSync(() => setShown((was) => (isSame(was, window) ? was : window)));
  });

  const reshape = useEffectEvent(() => {
    const was = shape.current;
    const { offsetPx, viewportPx: heightPx } = scale.current;
    shape.current = { total, columns, rowPx };
    const topIn = (image: number) => Math.floor(image / was.columns) * was.rowPx - offsetPx;
    const isInSight = anchor !== null && topIn(anchor) >= 0 && topIn(anchor) + was.rowPx <= heightPx;
    const kept = isInSight ? anchor : Math.round(offsetPx / was.rowPx) * was.columns;
    const isOtherList = was.total !== total;
    const place = Math.floor(kept / columns) * rowPx - (isInSight ? topIn(kept) : 0);
    const isSameShape = was.columns === columns && was.rowPx === rowPx;
    scale.current = scaleOf(rows * rowPx, viewportPx, isOtherList ? 0 : isSameShape ? offsetPx : place);
    setShown(windowOf(scale.current, 1));
  });
  useLayoutEffect(() => reshape(), [total, columns, rowPx, viewportPx]);

  // Only after the ground has its new height does the browser accept the new place.
  const { groundPx } = shown;
  useLayoutEffect(() => {
    const box = element.current;
    if (box && Math.abs(box.scrollTop - scale.current.topPx) > 1) box.scrollTop = scale.current.topPx;
  }, [element, groundPx, total, columns, rowPx]);

  useEffect(() => {
    const box = element.current;
    if (!box) return undefined;
    const onScroll = () => {
      if (box.scrollTop !== scale.current.topPx) move(scrolled(scale.current, box.scrollTop));
    };
    const onRest = () => {
      const at = rested(scale.current);
      if (Math.abs(at.topPx - scale.current.topPx) < 1) return;
      move(at);
      box.scrollTop = at.topPx;
    };
    box.addEventListener('scroll', onScroll, { passive: true });
    box.addEventListener('scrollend', onRest);
    return () => {
      box.removeEventListener('scroll', onScroll);
      box.removeEventListener('scrollend', onRest);
    };
  }, [element]);

  const reveal = useRef<(row: number) => void>(() => undefined);
  useEffect(() => {
    reveal.current = (row) => {
      const box = element.current;
      const { offsetPx, viewportPx: heightPx } = scale.current;
      const top = row * rowPx;
      if (!box || (top >= offsetPx && top + rowPx <= offsetPx + heightPx)) return;
      move(jumped(scale.current, top < offsetPx ? top : top + rowPx - heightPx));
      box.scrollTop = scale.current.topPx;
    };
  }, [element, rowPx]);
  const scrollToRow = useCallback((row: number) => reveal.current(row), []);
  return { ...shown, scrollToRow };
}

const isSame = (a: ScrollWindow, b: ScrollWindow): boolean =>
  a.firstRow === b.firstRow &&
  a.endRow === b.endRow &&
  a.firstSeen === b.firstSeen &&
  a.endSeen === b.endSeen &&
  a.originPx === b.originPx &&
  a.groundPx === b.groundPx &&
  a.direction === b.direction;
