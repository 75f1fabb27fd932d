import { useEffect, useState, useSyncExternalStore, type RefObject } from 'react';
import { lightWords } from './light.ts';
import type { Painter } from './painter.ts';
import type { View } from './use-view.ts';
import classes from './stage.module.css';

interface ViewInfoProps {
  painter: Painter;
  frame: RefObject<HTMLDivElement | null>;
  view: View;
}

/** In a corner of the stage: the zoom, how the picture is lit, and the pixel under the pointer with its values. */
export function ViewInfo({ painter, frame, view }: ViewInfoProps) {
  const { scale } = useSyncExternalStore(painter.subscribe, painter.view);
  const [pixel, setPixel] = useState<ReturnType<Painter['pixelAt']>>(null);
  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const move = ({ clientX, clientY }: PointerEvent) => {
      const { left, top } = element.getBoundingClientRect();
      setPixel(painter.pixelAt(clientX - left, clientY - top));
    };
    const leave = () => setPixel(null);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerleave', leave);
    return () => {
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerleave', leave);
    };
  }, [painter, frame]);
  const percent = scale * window.devicePixelRatio * 100;
  const lit = lightWords(view.light);
  return (
    <div className={classes.info} data-testid="view-info">
      <span title="100 % is one pixel of the image on one of the screen">
        {percent < 10 ? percent.toFixed(1) : Math.round(percent)} %{view.keepsZoom && ', kept'}
      </span>
      {lit && <span>{lit}</span>}
      {pixel && (
        <span>
          x {pixel.x}, y {pixel.y}: {pixel.values.join(' ')}
        </span>
      )}
    </div>
  );
}
