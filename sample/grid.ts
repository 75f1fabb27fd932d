import type { Canvas } from '../imaging/canvas.ts';
import { Scratch } from './scratch.ts';
import type { Part, Surface, SurfaceSample } from './shape.ts';

/** Samples per pixel along each side. */
export const SUPERSAMPLING = 2;
/** Pixels farther than this from the outline need no supersampling, only their distance for the shadow. */
const FAR_PX = 3;

const scratch = {
  distance: new Scratch((length) => new Float32Array(length)),
  height: new Scratch((length) => new Float32Array(length)),
  material: new Scratch((length) => new Uint8Array(length)),
};

/** Position of a part. */
export interface Pose {
  /** Centre, in pixels. */
  x: number;
  y: number;
  /** Pixels per object unit. */
  scale: number;
  /** Radians, clockwise. */
  rotation: number;
  /** Foreshortening across `tiltAxis` (radians): 1 seen from straight above. */
  squash: number;
  tiltAxis: number;
}

/** A part sampled over the pixels that it may touch, `SUPERSAMPLING` times finer in each direction. */
export interface Grid {
  /** The pixel at the grid's corner. */
  left: number;
  top: number;
  columns: number;
  rows: number;
  /** In pixels. */
  distance: Float32Array;
  /** In object units. */
  height: Float32Array;
  material: Uint8Array;
  /** 2 x 2 matrix from pixels off the centre to object units. */
  toObject: readonly [number, number, number, number];
}

/** Returns the part's samples, or null if it is outside the picture. Valid until the next call. */
export function sampleGrid(part: Part, pose: Pose, target: Canvas): Grid | null {
  const reach = Math.ceil(pose.scale * 1.3) + 2;
  const left = Math.max(0, Math.floor(pose.x - reach));
  const top = Math.max(0, Math.floor(pose.y - reach));
  const right = Math.min(target.width, Math.ceil(pose.x + reach));
  const bottom = Math.min(target.height, Math.ceil(pose.y + reach));
  if (right <= left || bottom <= top) return null;
  const columns = (right - left) * SUPERSAMPLING;
  const rows = (bottom - top) * SUPERSAMPLING;
  const distance = scratch.distance.take(columns * rows);
  const height = scratch.height.take(columns * rows);
  const material = scratch.material.take(columns * rows);
  const toObject = inverse(pose);
  const grid: Grid = { left, top, columns, rows, distance, height, material, toObject };
  for (let row = 0; row < rows; row += SUPERSAMPLING) sampleRow(grid, part.surface, pose, row);
  return grid;
}

/** Samples one row of pixels. A separate function because V8 discards nested loops' code each time they end. */
function sampleRow(grid: Grid, surface: Surface, pose: Pose, row: number): void {
  const { left, top, columns, distance, height, material } = grid;
  const [a, b, c, d] = grid.toObject;
  const middleY = top + row / SUPERSAMPLING + 0.5 - pose.y;
  for (let column = 0; column < columns; column += SUPERSAMPLING) {
    const middleX = left + column / SUPERSAMPLING + 0.5 - pose.x;
    sample.x = a * middleX + b * middleY;
    sample.y = c * middleX + d * middleY;
    surface(sample);
    const far = sample.distance * pose.scale > FAR_PX;
    for (let i = 0; i < SUPERSAMPLING * SUPERSAMPLING; i++) {
      const u = i % SUPERSAMPLING;
      const v = (i - u) / SUPERSAMPLING;
      const dx = middleX + (u + 0.5) / SUPERSAMPLING - 0.5;
      const dy = middleY + (v + 0.5) / SUPERSAMPLING - 0.5;
      if (!far) {
        sample.x = a * dx + b * dy;
        sample.y = c * dx + d * dy;
        surface(sample);
      }
      const at = (row + v) * columns + column + u;
      distance[at] = sample.distance * pose.scale;
      height[at] = sample.height;
      material[at] = sample.material;
    }
  }
}

const sample: SurfaceSample = { x: 0, y: 0, distance: 0, height: 0, material: 0 };

/** Rotation after foreshortening, inverted: pixels off the centre -> object units. */
function inverse(pose: Pose): [number, number, number, number] {
  const ct = Math.cos(pose.tiltAxis);
  const st = Math.sin(pose.tiltAxis);
  const across = 1 / pose.squash - 1;
  const [a, b, d] = [1 + across * ct * ct, across * ct * st, 1 + across * st * st];
  const cr = Math.cos(pose.rotation) / pose.scale;
  const sr = Math.sin(pose.rotation) / pose.scale;
  return [cr * a + sr * b, cr * b + sr * d, -sr * a + cr * b, -sr * b + cr * d];
}
