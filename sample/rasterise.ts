import type { Canvas } from '../imaging/canvas.ts';
import { sampleGrid, SUPERSAMPLING, type Grid, type Pose } from './grid.ts';
import { shade, type Light, type LitPoint } from './light.ts';
import { fractalNoise, smoothstep, valueNoise } from '../imaging/noise.ts';
import { Scratch } from './scratch.ts';
import type { Part } from './shape.ts';

/** Wear of a part. */
export interface Wear {
  salt: number;
  /** Strength of the tool marks, 0..1. */
  brushing: number;
  /** Share of the surface that has rusted, 0..1. */
  rust: number;
}

const RUST = [0.24, 0.1, 0.04] as const;
/** Width of the dark line around a part on the bench. */
const CONTACT_PX = 3;
/** Contribution of one sample to its pixel. */
const WEIGHT = 1 / (SUPERSAMPLING * SUPERSAMPLING);

/** Red, green, blue and cover of every pixel under the part. */
const paint = new Scratch((length) => new Float32Array(length));
const lit: LitPoint = { nx: 0, ny: 0, nz: 1, body: 0, gloss: 0 };

/** Draws a part and its shadow on the bench, antialiased by supersampling. */
export function drawPart(target: Canvas, part: Part, pose: Pose, lamp: Light, wear: Wear): void {
  const grid = sampleGrid(part, pose, target);
  if (!grid) return;
  castShadow(target, grid, lamp, pose.scale);
  const { left, top, columns, rows } = grid;
  const layer = paint.take(columns * rows * WEIGHT * 4).fill(0);
  for (let row = 0; row < rows; row++) paintRow(layer, grid, part, pose, lamp, wear, row);
  const width = columns / SUPERSAMPLING;
  for (let pixel = 0; pixel < columns * rows * WEIGHT; pixel++) {
    const cover = layer[pixel * 4 + 3]!;
    if (cover === 0) continue;
    const at = ((top + Math.floor(pixel / width)) * target.width + left + (pixel % width)) * 3;
    for (let c = 0; c < 3; c++) {
      target.data[at + c] = target.data[at + c]! * (1 - cover) + layer[pixel * 4 + c]!;
    }
  }
}

/** Adds one row of samples to `layer`. */
function paintRow(
  layer: Float32Array,
  grid: Grid,
  part: Part,
  pose: Pose,
  lamp: Light,
  wear: Wear,
  row: number,
): void {
  const { left, top, columns, rows, distance, height, material } = grid;
  const [a, b, c, d] = grid.toObject;
  const slope = (pose.scale * SUPERSAMPLING) / 2;
  const above = row > 0 ? columns : 0;
  const below = row < rows - 1 ? columns : 0;
  const dy = top + (row + 0.5) / SUPERSAMPLING - pose.y;
  for (let column = 0; column < columns; column++) {
    const at = row * columns + column;
    const alpha = Math.min(1, 0.5 - distance[at]! * SUPERSAMPLING);
    if (alpha <= 0) continue;
    const before = column > 0 ? 1 : 0;
    const after = column < columns - 1 ? 1 : 0;
    const gx = (height[at - before]! - height[at + after]!) * slope;
    const gy = (height[at - above]! - height[at + below]!) * slope;
    const length = Math.sqrt(gx * gx + gy * gy + 1);
    const substance = part.materials[material[at]!]!;
    lit.nx = gx / length;
    lit.ny = gy / length;
    lit.nz = 1 / length;
    shade(lamp, substance, lit);
    const isMetal = substance.finish === 'metal';
    let body = lit.body;
    let rust = 0;
    if (isMetal) {
      const dx = left + (column + 0.5) / SUPERSAMPLING - pose.x;
      const x = a * dx + b * dy;
      const y = c * dx + d * dy;
      body *= 1 + wear.brushing * (valueNoise(x * 5, y * 45, wear.salt) - 0.5);
      if (wear.rust > 0) {
        const patch = fractalNoise(x * 4 + 50, y * 4 + 50, wear.salt + 5, 3);
        rust = smoothstep(1 - wear.rust - 0.08, 1 - wear.rust + 0.08, patch);
      }
    }
    const gloss = lit.gloss * (1 - rust);
    const share = alpha * WEIGHT;
    const pixel =
      (((row / SUPERSAMPLING) | 0) * (columns / SUPERSAMPLING) + ((column / SUPERSAMPLING) | 0)) * 4;
    for (let channel = 0; channel < 3; channel++) {
      const base = substance.colour[channel]! * (1 - rust) + RUST[channel]! * rust;
      layer[pixel + channel]! += share * (base * body + (isMetal ? base : 1) * gloss);
    }
    layer[pixel + 3]! += share;
  }
}

/** Draws a soft shadow away from the lamp, and a dark line where the part touches the bench. */
function castShadow(target: Canvas, grid: Grid, lamp: Light, scale: number): void {
  const reach = (0.16 * scale) / lamp.z;
  const shiftX = -lamp.x * reach;
  const shiftY = -lamp.y * reach;
  const softness = 1.5 + scale * 0.06;
  const strength = 0.75 * (lamp.key / (lamp.key + lamp.room * 1.5));
  const { left, top, columns, rows, distance } = grid;
  const width = columns / SUPERSAMPLING;
  for (let i = 0; i < width * (rows / SUPERSAMPLING); i++) {
    const column = (i % width) * SUPERSAMPLING;
    const row = Math.floor(i / width) * SUPERSAMPLING;
    const lampColumn = Math.round(column + 0.5 - shiftX * SUPERSAMPLING);
    const lampRow = Math.round(row + 0.5 - shiftY * SUPERSAMPLING);
    const known = lampColumn >= 0 && lampRow >= 0 && lampColumn < columns && lampRow < rows;
    const towardsLamp = known ? distance[lampRow * columns + lampColumn]! : scale;
    const here = distance[row * columns + column]!;
    if (towardsLamp >= softness && here >= CONTACT_PX) continue;
    const cast = 1 - smoothstep(-softness, softness, towardsLamp);
    const contact = 1 - smoothstep(0, CONTACT_PX, here);
    const keep = (1 - strength * cast) * (1 - 0.35 * contact);
    const at = ((top + row / SUPERSAMPLING) * target.width + left + column / SUPERSAMPLING) * 3;
    for (let c = 0; c < 3; c++) target.data[at + c]! *= keep;
  }
}
