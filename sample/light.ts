import { smoothstep } from '../imaging/noise.ts';
import type { Random } from '../imaging/random.ts';
import type { Material } from './shape.ts';

/** A lamp beside the camera, and the room's light. */
export interface Light {
  /** Unit vector towards the lamp: right, down, towards the camera. */
  x: number;
  y: number;
  z: number;
  key: number;
  room: number;
  /** Sharpness of the lamp's edges in a mirror: from a large softbox to a bare bulb. */
  hardness: number;
}

export function light(random: Random): Light {
  const azimuth = random.uniform(0, 2 * Math.PI);
  const elevation = random.uniform(0.6, 1.15);
  return {
    x: Math.cos(azimuth) * Math.cos(elevation),
    y: Math.sin(azimuth) * Math.cos(elevation),
    z: Math.sin(elevation),
    key: random.uniform(0.75, 1.15),
    room: random.uniform(0.18, 0.38),
    hardness: random.uniform(6, 26),
  };
}

/** A point of a surface under the lamp. */
export interface LitPoint {
  /** Unit normal. */
  nx: number;
  ny: number;
  nz: number;
  /** Result: light towards the camera, to be multiplied by the material's colour. */
  body: number;
  /** Result: the lamp's highlight. */
  gloss: number;
}

/**
 * Computes the light from a point to the camera straight above it. Metals mirror the lamp and a room that is bright on
 * the lamp's side and dark on the other; matte things follow Lambert with a Blinn highlight.
 */
export function shade(lamp: Light, material: Material, at: LitPoint): void {
  const { nx, ny, nz } = at;
  if (material.finish === 'matte') {
    at.body = lamp.room + lamp.key * Math.max(0, nx * lamp.x + ny * lamp.y + nz * lamp.z);
    const half = Math.sqrt(2 + 2 * lamp.z);
    const facing = Math.max(0, (nx * lamp.x + ny * lamp.y + nz * (lamp.z + 1)) / half);
    at.gloss = (0.5 - 0.45 * material.roughness) * facing ** (60 - 45 * material.roughness);
    return;
  }
  const rx = 2 * nz * nx;
  const ry = 2 * nz * ny;
  const rz = 2 * nz * nz - 1;
  const side = (rx * lamp.x + ry * lamp.y) / Math.sqrt(1 - lamp.z * lamp.z);
  const dome = 0.16 + 0.75 * smoothstep(-0.8, 0.95, side);
  const floor = smoothstep(-0.5, 0.15, rz);
  const mirrored = Math.max(0, rx * lamp.x + ry * lamp.y + rz * lamp.z);
  const spread = lamp.hardness * (1.15 - material.roughness);
  const lambert = Math.max(0, nx * lamp.x + ny * lamp.y + nz * lamp.z);
  at.body = (lamp.room + lamp.key) * ((0.12 + dome * floor) * 0.75 + 0.3 * material.roughness * lambert);
  at.gloss = 0.7 * (1 - 0.6 * material.roughness) * lamp.key * mirrored ** spread;
}
