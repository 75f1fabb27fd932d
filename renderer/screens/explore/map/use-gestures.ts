import { useEffect, useRef, useState, type PointerEvent, type RefObject } from 'react';
import type { Point } from './lasso.ts';
import { panned, zoomed, type MapViewState } from './view-state.ts';

interface Gestures {
  box: RefObject<HTMLElement | null>;
  view: MapViewState;
  fit: MapViewState;
  size: { width: number; height: number };
  isLassoing: boolean;
  onView: (view: MapViewState) => void;
  onHover: (at: Point | null) => void;
  onClick: (at: Point) => void;
  onLasso: (line: Point[]) => void;
}

const CLICK_PX = 4;
const WHEEL_PER_DOUBLING = 320;
const LEAST_STEP_PX = 2;

/** Pointer and wheel over the map: drag moves, wheel zooms, and in lasso mode, or with Shift, a drag draws. */
export function useGestures({ box, view, fit, size, isLassoing, ...on }: Gestures) {
  const [line, setLine] = useState<Point[] | null>(null);
  const held = useRef<{ from: Point; last: Point; isLasso: boolean } | null>(null);
  const latest = useRef({ view, fit, size, onView: on.onView });
  useEffect(() => {
    latest.current = { view, fit, size, onView: on.onView };
  });

  const place = (event: { clientX: number; clientY: number }): Point => {
    const bounds = box.current?.getBoundingClientRect();
    return [event.clientX - (bounds?.left ?? 0), event.clientY - (bounds?.top ?? 0)];
  };

  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    // React's own wheel listener is passive, and could not keep the page from zooming.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { view: now, fit: whole, size: area, onView } = latest.current;
      const bounds = element.getBoundingClientRect();
      const at: Point = [event.clientX - bounds.left, event.clientY - bounds.top];
      const linePx = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      onView(zoomed(now, area, at, (-event.deltaY * linePx) / WHEEL_PER_DOUBLING, whole));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [box]);

  const handlers = {
    onPointerDown: (event: PointerEvent) => {
      if (event.button !== 0) return;
      const at = place(event);
      event.currentTarget.setPointerCapture(event.pointerId);
      const isLasso = isLassoing || event.shiftKey;
      held.current = { from: at, last: at, isLasso };
      if (isLasso) setLine([at]);
      on.onHover(null);
    },
    onPointerMove: (event: PointerEvent) => {
      const at = place(event);
      const drag = held.current;
      if (!drag) return on.onHover(at);
      if (drag.isLasso) {
        const [lastX, lastY] = drag.last;
        if (Math.hypot(at[0] - lastX, at[1] - lastY) < LEAST_STEP_PX) return undefined;
        drag.last = at;
        setLine((drawn) => [...(drawn ?? []), at]);
        return undefined;
      }
      on.onView(panned(view, at[0] - drag.last[0], at[1] - drag.last[1]));
      drag.last = at;
      return undefined;
    },
    onPointerUp: (event: PointerEvent) => {
      const drag = held.current;
      held.current = null;
      const drawn = line;
      setLine(null);
      if (!drag) return;
      const at = place(event);
      const isClick = Math.hypot(at[0] - drag.from[0], at[1] - drag.from[1]) < CLICK_PX;
      if (drag.isLasso && drawn && drawn.length >= 3) on.onLasso(drawn);
      else if (isClick) on.onClick(at);
    },
    onPointerCancel: () => {
      held.current = null;
      setLine(null);
    },
    onPointerLeave: () => on.onHover(null),
  };
  return { handlers, line };
}
