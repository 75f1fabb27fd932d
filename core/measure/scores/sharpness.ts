import { lumaAt } from '../../../imaging/luma.ts';
import { defineScore } from './define.ts';

export default defineScore({
  id: 'sharpness',
  title: 'Sharpness of edges',
  group: 'picture',
  suspect: 'low',
  range: [0, 1020],
  unit: 'levels',
  needs: ['signatures'],
  meaning: 'its edges are weak: far out of focus, or showing little',
  source: 'Spread of the Laplacian (Pech-Pacheco et al. 2000) of the picture shrunk to 32 x 32 pixels',
  threshold: null,
  ranking: {
    stratum: 'damaged',
    by: 'outlying',
    withinClass: true,
    standIn: true,
    scale: (value) => -Math.log(value + 1),
  },
  reason: 'ranked',
  value: ({ signatures }, i) => laplacianSpread(signatures[i]!),
});

/** Side of a signature in pixels; it holds SIDE x SIDE RGB bytes, row-major (imaging/types.ts). */
const SIDE = 32;

/**
 * Standard deviation of the Laplacian (4 x - its four neighbours) of a signature's luma, in levels; the outermost ring
 * of pixels has none. The square is the "variance of the Laplacian" that focus is measured by (Pech-Pacheco et al.
 * 2000).
 */
export function laplacianSpread(signature: Uint8Array): number {
  const luma = Float64Array.from({ length: SIDE * SIDE }, (_, i) => lumaAt(signature, 3 * i));
  let [sum, squares] = [0, 0];
  for (let y = 1; y < SIDE - 1; y++)
    for (let at = y * SIDE + 1; at < (y + 1) * SIDE - 1; at++) {
      const value = 4 * luma[at]! - luma[at - 1]! - luma[at + 1]! - luma[at - SIDE]! - luma[at + SIDE]!;
      sum += value;
      squares += value * value;
    }
  const count = (SIDE - 2) ** 2;
  return Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
}
