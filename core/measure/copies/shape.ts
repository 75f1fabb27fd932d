import { lumaAt } from '../../../imaging/luma.ts';

/** Side of a signature in pixels (imaging/types.ts). */
const SIDE = 32;
/** Waves a side that are kept. */
const WAVES = 8;
/** Numbers of a shape. */
export const SHAPE_LENGTH = WAVES * WAVES - 1;

/** WAVES x SIDE: the orthonormal discrete cosine transform (type II). */
const COSINES = Float64Array.from({ length: WAVES * SIDE }, (_, i) => {
  const wave = Math.floor(i / SIDE);
  const at = i % SIDE;
  return Math.sqrt((wave === 0 ? 1 : 2) / SIDE) * Math.cos((Math.PI * wave * (at + 0.5)) / SIDE);
});

/**
 * A picture's coarse light and dark as a unit vector that mirroring and quarter turns do not change, nor brightness and
 * contrast: the low cosine waves of its signature's luma. Mirroring changes signs of coefficients, turning also
 * exchanges the two of a pair (u, v) and (v, u); so sizes are kept, of pairs their sum and difference. A flat picture
 * has the zero vector.
 */
export function shapeOf(signature: Uint8Array): Float32Array {
  const across = new Float64Array(SIDE * WAVES);
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      const at = (y * SIDE + x) * 3;
      const luma = lumaAt(signature, at);
      for (let u = 0; u < WAVES; u++) across[y * WAVES + u]! += luma * COSINES[u * SIDE + x]!;
    }
  const sizeOf = (u: number, v: number): number => {
    let sum = 0;
    for (let y = 0; y < SIDE; y++) sum += across[y * WAVES + u]! * COSINES[v * SIDE + y]!;
    return Math.abs(sum);
  };
  const shape = new Float32Array(SHAPE_LENGTH);
  let n = 0;
  for (let u = 0; u < WAVES; u++)
    for (let v = u; v < WAVES; v++) {
      if (u === v) {
        if (u > 0) shape[n++] = sizeOf(u, u);
        continue;
      }
      const [one, other] = [sizeOf(u, v), sizeOf(v, u)];
      shape[n++] = (one + other) * Math.SQRT1_2;
      shape[n++] = Math.abs(one - other) * Math.SQRT1_2;
    }
  const length = Math.hypot(...shape);
  return length < 1e-6 ? new Float32Array(SHAPE_LENGTH) : shape.map((value) => value / length);
}
