/**
 * A list can be far higher than a browser can lay out. Its rows are then placed on a shorter ground: near the present
 * place one pixel of scrolling is one pixel of the list, a leap of the scroll bar is taken in proportion, and when
 * scrolling has come to rest the bar is put where it belongs.
 */
export interface ScrollScale {
  /** Heights in CSS pixels: of the whole list, of what is laid out for it, and of the window onto it. */
  virtualPx: number;
  groundPx: number;
  viewportPx: number;
  /** A place in the list, and its scroll position now. */
  offsetPx: number;
  topPx: number;
}

/** Engines cut elements off at about 33 million pixels (Chromium, WebKit) and 17 million (Gecko). */
export const MAX_GROUND_PX = 15_000_000;

const LEAP_VIEWPORTS = 4;

export function scaleOf(
  virtualPx: number,
  viewportPx: number,
  offsetPx = 0,
  maxPx = MAX_GROUND_PX,
): ScrollScale {
  const groundPx = Math.min(virtualPx, maxPx);
  return jumped({ virtualPx, groundPx, viewportPx, offsetPx: 0, topPx: 0 }, offsetPx);
}

const rangeOf = (scale: ScrollScale) => ({
  list: Math.max(scale.virtualPx - scale.viewportPx, 0),
  ground: Math.max(scale.groundPx - scale.viewportPx, 0),
});

/** Goes to a place in the list; `topPx` is where the scroll bar then belongs. */
export function jumped(scale: ScrollScale, offsetPx: number): ScrollScale {
  const { list, ground } = rangeOf(scale);
  const offset = Math.min(Math.max(offsetPx, 0), list);
  return { ...scale, offsetPx: offset, topPx: list === 0 ? 0 : (offset / list) * ground };
}

/** Follows the browser to a new scroll position. */
export function scrolled(scale: ScrollScale, topPx: number): ScrollScale {
  const { list, ground } = rangeOf(scale);
  if (topPx <= 0 || ground === 0) return { ...scale, offsetPx: 0, topPx: 0 };
  if (topPx >= ground - 0.5) return { ...scale, offsetPx: list, topPx };
  const step = topPx - scale.topPx;
  const offset =
    list === ground
      ? topPx
      : Math.abs(step) > LEAP_VIEWPORTS * scale.viewportPx
        ? (topPx / ground) * list
        : scale.offsetPx + step;
  return { ...scale, offsetPx: Math.min(Math.max(offset, 0), list), topPx };
}

/** The scroll bar where the present place belongs, once scrolling has come to rest. */
export function rested(scale: ScrollScale): ScrollScale {
  return jumped(scale, scale.offsetPx);
}

/** Where on the ground a place of the list is laid out now. */
export function groundOf(scale: ScrollScale, offsetPx: number): number {
  return offsetPx - scale.offsetPx + scale.topPx;
}

/** First and one past the last row in the window, with `overscan` more rows before and after. */
export function rowsInView(
  scale: ScrollScale,
  rowPx: number,
  rows: number,
  before: number,
  after: number,
): { first: number; end: number } {
  const first = Math.floor(scale.offsetPx / rowPx) - before;
  const end = Math.ceil((scale.offsetPx + scale.viewportPx) / rowPx) + after;
  return { first: Math.max(Math.min(first, rows), 0), end: Math.max(Math.min(end, rows), 0) };
}
