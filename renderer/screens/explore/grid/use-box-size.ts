import { useLayoutEffect, useState, type RefObject } from 'react';

/** Inner width and height of an element in whole CSS pixels, scroll bars left out; zeros before the first layout. */
export function useBoxSize(element: RefObject<HTMLElement | null>): { width: number; height: number } {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const box = element.current;
    if (!box) return undefined;
    const measure = () =>
      setSize((was) =>
        was.width === box.clientWidth && was.height === box.clientHeight
          ? was
          : { width: box.clientWidth, height: box.clientHeight },
      );
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(box);
    return () => observer.disconnect();
  }, [element]);
  return size;
}
