import {
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import { Painter } from './painter.ts';
import type { Picture, PictureCache } from './pictures.ts';
import type { Size, Viewport } from './viewport.ts';
import { AS_IT_IS, lightTable } from './light.ts';
import type { View } from './use-view.ts';
import { ViewInfo } from './view-info.tsx';
import { OddMap } from '../../parts/odd-map.tsx';
import classes from './stage.module.css';

interface StageProps {
  sha256: string | null;
  size: Size;
  /** What a screen reader says of the image. */
  name: string;
  pictures: PictureCache;
  /** How the person looks at pictures. */
  view: View;
  /** The image is on the screen, at this time of `performance.now()`. */
  onPainted?: (sha256: string, at: number) => void;
  /** Hands out what keys act on. */
  onPainter: (painter: Painter | null) => void;
  /** Nothing is said of zoom and pixels: the stage beside it does. */
  isPlain?: boolean;
  /** Drawn over the image, in the stage's coordinates. */
  overlay?: (view: Viewport) => ReactNode;
}

/** One image, large: the wheel zooms, dragging pans. */
export function Stage({
  sha256,
  size,
  name,
  pictures,
  view,
  onPainted,
  onPainter,
  isPlain = false,
  overlay,
}: StageProps) {
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [painter, setPainter] = useState<Painter | null>(null);
  const [broken, setBroken] = useState<string | null>(null);

  useLayoutEffect(() => {
    if (!canvas.current || !frame.current) return undefined;
    const made = new Painter(canvas.current);
    const measure = () => {
      if (!frame.current) return;
      const { width, height } = frame.current.getBoundingClientRect();
      const ratio = window.devicePixelRatio;
      made.resize({ width, height });
      pictures.prepareFor({ width: width * ratio, height: height * ratio });
    };
    measure();
    setPainter(made);
    onPainter(made);
    const observer = new ResizeObserver(measure);
    observer.observe(frame.current);
    return () => {
      observer.disconnect();
      onPainter(null);
    };
  }, [onPainter, pictures]);

  useLayoutEffect(() => {
    if (painter) painter.keepsZoom = view.keepsZoom;
  }, [painter, view.keepsZoom]);

  useLayoutEffect(() => {
    if (!painter) return undefined;
    let isCurrent = true;
    const show = (picture: Picture) => {
      if (!isCurrent) return;
      setBroken(null);
      painter.show(picture, size);
      if (sha256)
        afterNextFrame((at) => {
          if (!isCurrent) return;
          if (frame.current) frame.current.dataset['shown'] = sha256;
          onPainted?.(sha256, at);
        });
    };
    const ready = sha256 ? pictures.ready(sha256) : null;
    if (ready) show(ready);
    else {
      painter.show(null, size);
      if (sha256)
        pictures.get(sha256).then(show, () => {
          if (!isCurrent) return;
          setBroken(sha256);
          // It can be rejected for that very reason.
          onPainted?.(sha256, performance.now());
        });
    }
    return () => {
      isCurrent = false;
    };
    // The size comes with the image.
  }, [painter, sha256, pictures, onPainted]);

  useEffect(() => {
    const element = frame.current;
    if (!painter || !element) return undefined;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      painter.zoom(Math.exp(-event.deltaY / 300), event.clientX - left, event.clientY - top);
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [painter]);

  return (
    <div
      ref={frame}
      className={classes.frame}
      onPointerDown={(event) => event.button === 0 && event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) =>
        event.currentTarget.hasPointerCapture(event.pointerId) &&
        painter?.pan(event.movementX, event.movementY)
      }
      onDoubleClick={() => painter?.toggleActualSize()}
    >
      <Lit view={view}>
        <canvas ref={canvas} className={classes.canvas} role="img" aria-label={name} />
      </Lit>
      {painter && sha256 && view.showsOdd && !isPlain && (
        <Overlay
          painter={painter}
          draw={({ x, y, scale }) => (
            <OddMap
              sha256={sha256}
              size={size}
              at={{ left: x, top: y, width: size.width * scale, height: size.height * scale }}
            />
          )}
        />
      )}
      {painter && overlay && <Overlay painter={painter} draw={overlay} />}
      {painter && !isPlain && <ViewInfo painter={painter} frame={frame} view={view} />}
      {broken !== null && broken === sha256 && (
        <p className={classes.broken}>This image cannot be shown: its file is missing or damaged.</p>
      )}
    </div>
  );
}

/** What is in it is lit as the person wants it. */
export function Lit({ view: { light }, children }: { view: View; children: ReactNode }) {
  const id = useId();
  const isPlain = Object.entries(AS_IT_IS).every(
    ([part, none]) => light[part as keyof typeof light] === none,
  );
  const table = isPlain ? '' : lightTable(light);
  return (
    <>
      {!isPlain && (
        <svg className={classes.filter} aria-hidden>
          <filter id={id} colorInterpolationFilters="sRGB">
            <feComponentTransfer>
              <feFuncR type="table" tableValues={table} />
              <feFuncG type="table" tableValues={table} />
              <feFuncB type="table" tableValues={table} />
            </feComponentTransfer>
          </filter>
        </svg>
      )}
      <div className={classes.lit} style={isPlain ? undefined : { filter: `url("#${id}")` }}>
        {children}
      </div>
    </>
  );
}

function Overlay({ painter, draw }: { painter: Painter; draw: (view: Viewport) => ReactNode }) {
  return draw(useSyncExternalStore(painter.subscribe, painter.view));
}

/** Calls back right after the next frame was handed to the screen. */
function afterNextFrame(then: (at: number) => void): void {
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      then(performance.now());
    };
    port2.postMessage(null);
  });
}
