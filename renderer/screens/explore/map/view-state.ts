import type { Point } from './lasso.ts';
import type { MapPoints } from './points.ts';

/** What part of the layout is seen: its middle, and the power of two of pixels per unit. */
export interface MapViewState {
  x: number;
  y: number;
  zoom: number;
}

interface Size {
  width: number;
  height: number;
}

const MARGIN = 0.92;
const MAX_ZOOM_IN = 14;

/** All of the points, with a little room about them. */
export function fitted(bounds: MapPoints['bounds'], { width, height }: Size): MapViewState {
  const { minX, minY, maxX, maxY } = bounds;
  const scale = Math.min(
    Math.max(width, 1) / Math.max(maxX - minX, 1e-6),
    Math.max(height, 1) / Math.max(maxY - minY, 1e-6),
  );
  return { x: (minX + maxX) / 2, y: (minY + maxY) / 2, zoom: Math.log2(scale * MARGIN) };
}

/** The place in the layout under a pixel; y grows upwards there, and downwards on the screen. */
export function toLayout({ x, y, zoom }: MapViewState, { width, height }: Size, [left, top]: Point): Point {
  const scale = 2 ** zoom;
  return [x + (left - width / 2) / scale, y - (top - height / 2) / scale];
}

export function toScreen({ x, y, zoom }: MapViewState, { width, height }: Size, [px, py]: Point): Point {
  const scale = 2 ** zoom;
  return [width / 2 + (px - x) * scale, height / 2 - (py - y) * scale];
}

/** Zooms by powers of two; the point under the pixel stays there. */
export function zoomed(
  state: MapViewState,
  size: Size,
  at: Point,
  by: number,
  fit: MapViewState,
): MapViewState {
  const zoom = Math.min(Math.max(state.zoom + by, fit.zoom - 1), fit.zoom + MAX_ZOOM_IN);
  const [x, y] = toLayout(state, size, at);
  const [nowX, nowY] = toLayout({ ...state, zoom }, size, at);
  return { x: state.x + x - nowX, y: state.y + y - nowY, zoom };
}

/** Moved with the pointer, by pixels. */
export function panned({ x, y, zoom }: MapViewState, dx: number, dy: number): MapViewState {
  const scale = 2 ** zoom;
  return { x: x - dx / scale, y: y + dy / scale, zoom };
}

/** Radius of a point in pixels: small where there are many, and growing slowly as one comes nearer. */
export function radiusOf(points: number, zoom: number, fit: MapViewState): number {
  const atRest = Math.min(Math.max(4.4 - 0.72 * Math.log10(Math.max(points, 1) / 500), 1), 4.4);
  return Math.min(atRest * 2 ** (0.35 * (zoom - fit.zoom)), 9);
}
