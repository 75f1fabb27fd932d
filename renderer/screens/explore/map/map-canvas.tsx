import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { integer } from '../../../parts/format.ts';
import { useBoxSize } from '../grid/use-box-size.ts';
import { groupPoints, type PointGroup } from './groups.ts';
import { rounded, simplify, type Point } from './lasso.ts';
import bits from '../../../parts/bits.module.css';
import classes from './map.module.css';
import type { Colouring } from './colours.ts';
import type { MapCluster } from '../../../../rpc/contract/maps.ts';
import { placeNames } from './cluster-names.ts';
import { DensityCanvas } from './density-canvas.tsx';
import { densityOf, isCrowded, type Density } from './density.ts';
import { PointGrid } from './point-grid.ts';
import type { ImageMask, MapPoints } from './points.ts';
import { Scatter, type ChosenPoints } from './scatter.ts';
import { useGestures } from './use-gestures.ts';
import { fitted, panned, radiusOf, toLayout, toScreen, zoomed, type MapViewState } from './view-state.ts';

export interface Hovered {
  id: number;
  at: Point;
  /** Of the map that `at` is a place of. */
  size: { width: number; height: number };
}

interface MapCanvasProps {
  points: MapPoints;
  colouring: Colouring;
  mask: ImageMask | null;
  /** Numbers of the chosen images; null for all of the view. */
  chosen: ReadonlySet<number> | null;
  current: number | null;
  scheme: 'dark' | 'light';
  lasso: readonly Point[] | null;
  clusters: readonly MapCluster[];
  /** Whether the density stands for the points; null for where these would hide each other. */
  wantsDensity: boolean | null;
  isLassoing: boolean;
  description: string;
  /** Told what is drawn: the density, or null for points. */
  onDensity: (density: Density | null) => void;
  onHover: (hovered: Hovered | null) => void;
  onPick: (id: number) => void;
  onLasso: (polygon: Point[]) => void;
  onError: (error: Error) => void;
}

const NO_GROUPS: PointGroup[] = [];
const REACH_PX = 10;
const PAN_PX = 60;
const MAX_CHOSEN_RINGS = 5000;
const REST_MS = 500;
const OPAQUE_BELOW = 50_000;
/** As many as a hand can mean; more would only make the link longer. */
const MAX_LASSO_VERTICES = 200;

/** The points themselves: drawn, moved, hovered, picked and lassoed. */
export function MapCanvas(props: MapCanvasProps) {
  const { points, colouring, mask, chosen, current, scheme, lasso, isLassoing, description } = props;
  const { clusters, wantsDensity } = props;
  const { onHover, onPick, onLasso, onError, onDensity } = props;
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const scatter = useRef<Scatter | null>(null);
  const size = useBoxSize(box);
  const fit = useMemo(() => fitted(points.bounds, size), [points.bounds, size]);
  // Points that only have new verdicts lie where they lay: the place that was looked at stays.
  const layoutKey = Object.values(points.bounds).join();
  const [moved, setMoved] = useState<{ layoutKey: string; view: MapViewState } | null>(null);
  const view = moved?.layoutKey === layoutKey ? moved.view : fit;
  const setView = (next: MapViewState) => setMoved({ layoutKey, view: next });
  const [hovered, setHovered] = useState(-1);

  const grid = useMemo(() => new PointGrid(points), [points]);
  const indexOfId = useMemo(() => indexTable(points.ids), [points]);
  const isLit = useMemo(
    () => (index: number) => mask === null || mask.has(points.ids[index] ?? 0),
    [mask, points],
  );
  const groups = useMemo(
    () => groupPoints(points, colouring, isLit, points.count < OPAQUE_BELOW ? 235 : 170),
    [points, colouring, isLit],
  );
  const counted = useMemo(
    () => (wantsDensity === false ? null : densityOf(groups, view, size)),
    [wantsDensity, groups, view, size],
  );
  const density = counted && (wantsDensity ?? isCrowded(counted)) ? counted : null;
  const isDense = density !== null;
  const names = useMemo(
    () => placeNames(clusters, (at) => toScreen(view, size, at), size),
    [clusters, view, size],
  );
  const chosenPoints = useMemo(() => {
    const indices = [...(chosen ?? [])].slice(0, MAX_CHOSEN_RINGS).map((id) => indexOfId(id) ?? -1);
    return ringsAt(
      points,
      indices.filter((index) => index >= 0),
      scheme,
    );
  }, [points, indexOfId, chosen, scheme]);
  const screenOf = (index: number | undefined): Point | null =>
    index === undefined || index < 0
      ? null
      : toScreen(view, size, [points.x[index] ?? 0, points.y[index] ?? 0]);

  const [shownPoints, setShownPoints] = useState(points.count);
  const report = useRef(onError);
  const reportDensity = useRef(onDensity);
  useEffect(() => {
    report.current = onError;
    reportDensity.current = onDensity;
  });
  useEffect(() => reportDensity.current(density), [density]);
  useEffect(() => {
    if (!canvas.current) return undefined;
    scatter.current = new Scatter(canvas.current, setShownPoints, (error) => report.current(error));
    return () => {
      scatter.current?.close();
      scatter.current = null;
    };
  }, []);
  const radiusPx = radiusOf(points.count, view.zoom, fit);
  const isMoving = useIsMoving(view, REST_MS);
  useEffect(() => {
    scatter.current?.draw({
      groups: isDense ? NO_GROUPS : groups,
      chosen: chosenPoints,
      view,
      radiusPx,
      isMoving,
    });
  }, [groups, isDense, chosenPoints, view, radiusPx, isMoving]);

  const nearest = (at: Point): number => {
    const [x, y] = toLayout(view, size, at);
    const reach = REACH_PX / 2 ** view.zoom;
    return grid.nearest(x, y, reach, isLit);
  };
  const { handlers, line } = useGestures({
    box,
    view,
    fit,
    size,
    isLassoing,
    onView: setView,
    onHover: (at) => {
      const index = at ? nearest(at) : -1;
      setHovered(index);
      onHover(at && index >= 0 ? { id: points.ids[index] ?? 0, at, size } : null);
    },
    onClick: (at) => {
      const index = nearest(at);
      if (index >= 0) onPick(points.ids[index] ?? 0);
    },
    onLasso: (drawn) => {
      const polygon = simplify(
        drawn.map((at) => toLayout(view, size, at)),
        MAX_LASSO_VERTICES,
      );
      onLasso(rounded(polygon, Math.max(size.width, size.height) / 2 ** view.zoom));
    },
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const middle: Point = [size.width / 2, size.height / 2];
    const steps: Record<string, () => MapViewState> = {
      ArrowLeft: () => panned(view, PAN_PX, 0),
      ArrowRight: () => panned(view, -PAN_PX, 0),
      ArrowUp: () => panned(view, 0, PAN_PX),
      ArrowDown: () => panned(view, 0, -PAN_PX),
      '+': () => zoomed(view, size, middle, 0.5, fit),
      '=': () => zoomed(view, size, middle, 0.5, fit),
      '-': () => zoomed(view, size, middle, -0.5, fit),
      Home: () => fit,
    };
    const step = steps[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    setView(step());
  };
  const outline = (polygon: readonly Point[]) => polygon.map((at) => at.join()).join(' ');
  return (
    <div
      ref={box}
      className={classes.canvasBox}
      role="img"
      tabIndex={0}
      aria-label={description}
      data-lassoing={isLassoing || undefined}
      data-hovering={hovered >= 0 || undefined}
      {...handlers}
      onDoubleClick={() => setView(fit)}
      onKeyDown={onKeyDown}
    >
      <DensityCanvas density={density} />
      <canvas ref={canvas} className={bits.cover} />
      <svg className={classes.lasso} aria-hidden>
        {lasso && <polygon points={outline(lasso.map((at) => toScreen(view, size, at)))} />}
        <Ring
          at={screenOf(current === null ? undefined : indexOfId(current))}
          radiusPx={radiusPx + 5}
          isCurrent
        />
        <Ring at={screenOf(hovered)} radiusPx={radiusPx + 4} />
        {line && <polygon data-drawing points={outline(line)} />}
      </svg>
      <ul className={classes.names} aria-label="Clusters">
        {names.map(({ key, title, words, at }) => (
          <li key={key} style={{ left: at[0], top: at[1] }}>
            {title}
            {words !== '' && <span>{words}</span>}
          </li>
        ))}
      </ul>
      {!density && shownPoints < points.count && (
        <p className={classes.partly}>
          {integer(shownPoints)} of {integer(points.count)} points drawn: more of them at once are too much
          for this machine
        </p>
      )}
    </div>
  );
}

/** Drawn over the points, so that hovering never draws those again. */
function Ring({ at, radiusPx, isCurrent }: { at: Point | null; radiusPx: number; isCurrent?: boolean }) {
  return at && <circle cx={at[0]} cy={at[1]} r={radiusPx} data-current={isCurrent} />;
}

/** True from the first change of `value` until it has not changed for so long. */
function useIsMoving(value: unknown, restMs: number): boolean {
  const [rested, setRested] = useState<unknown>(null);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), restMs);
    return () => clearTimeout(timer);
  }, [value, restMs]);
  return rested !== value;
}

/** The chosen points in the colour of the text. */
function ringsAt(points: MapPoints, indices: readonly number[], scheme: 'dark' | 'light'): ChosenPoints {
  const places = indices.flatMap((index) => [points.x[index] ?? 0, points.y[index] ?? 0]);
  const ink = scheme === 'dark' ? [255, 255, 255, 255] : [0, 0, 0, 255];
  return {
    positions: { value: Float32Array.from(places), size: 2 },
    colours: { value: Uint8ClampedArray.from(indices.flatMap(() => ink)), size: 4 },
  };
}

/** Index of a point by its image's number, as one flat table: image numbers leave few gaps. */
function indexTable(ids: Uint32Array): (id: number) => number | undefined {
  let largest = 0;
  for (const id of ids) if (id > largest) largest = id;
  const table = new Int32Array(largest + 1).fill(-1);
  for (let index = 0; index < ids.length; index++) table[ids[index] ?? 0] = index;
  return (id) => table[id];
}
