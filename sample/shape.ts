/**
 * A thing to render, seen from above: a signed distance and a height at every point. Object units: it extends about 1
 * from its centre, x to the right, y down, height towards the camera.
 */
export interface SurfaceSample {
  /** Queried point. */
  x: number;
  y: number;
  /** Signed distance to the outline, negative inside. Near the outline its gradient is about 1. */
  distance: number;
  /** Height above the bench; its slope determines the shading. */
  height: number;
  /** Index into the part's materials. */
  material: number;
}

/** Reads the place from `at` and writes the result into it, so that the inner loop allocates nothing. */
export type Surface = (at: SurfaceSample) => void;

export interface Material {
  name: string;
  finish: 'metal' | 'matte';
  /** Linear RGB, 0..1: reflectance of a metal, albedo of anything else. */
  colour: readonly [number, number, number];
  /** 0 a mirror, 1 dull. */
  roughness: number;
}

export interface Part {
  surface: Surface;
  materials: Material[];
}

/** Euclidean length. Math.hypot guards against overflow, impossible here, at several times the cost. */
export function norm(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}

/** Distance to an axis-aligned box around the origin. Exact inside and beside the edges, a bound at the corners. */
export function box(x: number, y: number, halfWidth: number, halfHeight: number): number {
  return Math.max(Math.abs(x) - halfWidth, Math.abs(y) - halfHeight);
}

/** Exact distance to a box with rounded corners around the origin. */
export function roundedBox(
  x: number,
  y: number,
  halfWidth: number,
  halfHeight: number,
  radius: number,
): number {
  const dx = Math.abs(x) - halfWidth + radius;
  const dy = Math.abs(y) - halfHeight + radius;
  const outside = norm(Math.max(dx, 0), Math.max(dy, 0));
  return outside + Math.min(Math.max(dx, dy), 0) - radius;
}

/** Distance to a thick line whose radius runs from `startRadius` to `endRadius`. */
export function capsule(
  x: number,
  y: number,
  ax: number,
  ay: number,
  bx: number,
  by: number,
  startRadius: number,
  endRadius = startRadius,
): number {
  const px = x - ax;
  const py = y - ay;
  const dx = bx - ax;
  const dy = by - ay;
  const t = Math.min(1, Math.max(0, (px * dx + py * dy) / (dx * dx + dy * dy)));
  return norm(px - dx * t, py - dy * t) - (startRadius + (endRadius - startRadius) * t);
}

/** Distance to a regular hexagon of inner radius `apothem` (a bound at the corners). */
export function hexagon(x: number, y: number, apothem: number): number {
  const ax = Math.abs(x);
  const ay = Math.abs(y);
  return Math.max(ay, ax * 0.8660254 + ay * 0.5) - apothem;
}

/** Height of a rounded section `offset` from its middle line; 0 outside it. */
export function dome(offset: number, radius: number): number {
  return Math.sqrt(Math.max(0, radius * radius - offset * offset));
}

/** Height of a plate with a chamfered rim, `distance` from its outline. */
export function plate(distance: number, chamfer: number, thickness: number): number {
  return thickness * Math.min(1, Math.max(0, -distance / chamfer));
}

/** Triangle wave of period 1, 0..1. */
export function triangleWave(phase: number): number {
  return Math.abs(2 * (phase - Math.floor(phase)) - 1);
}

/** The place along a circle folded onto one of `count` equal sectors, centred on zero. */
export function foldAngle(angle: number, count: number): number {
  const sector = (2 * Math.PI) / count;
  return angle - sector * Math.round(angle / sector);
}
