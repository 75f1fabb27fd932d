/**
 * Which rows of one matrix lie inside the balls around the rows of another. ONNX Runtime computes the products of a
 * block in float32; one pass over it takes what is inside or outside beyond the reach of rounding, and recomputes the
 * few pairs in between in float64. So the answer is that of plain float64 code.
 */
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { Inside } from '../types.ts';
import type { Matrix } from './matrix-store.ts';
import { takeRows } from './rows.ts';
import { squaredDistance } from './shortlist.ts';

const QUERY_BLOCK = 512;
const BASE_BLOCK = 16_384;
const FLOAT32_UNIT = 2 ** -24;

/**
 * Inputs as for products.ts. For every row of `points` the number of balls that it is strictly inside of, and for
 * every ball whether any point is. Ball j is around row j of `centres`, with the squared radius `squaredRadii[j]`.
 */
export async function within(
  session: InferenceSession,
  points: Matrix,
  centres: Matrix,
  squaredRadii: Float64Array,
): Promise<Inside> {
  const { columns: d } = points;
  const balls = new Int32Array(points.rows);
  const occupied = new Uint8Array(centres.rows);
  const buffer = new Float32Array(Math.min(QUERY_BLOCK, points.rows) * Math.min(BASE_BLOCK, centres.rows));
  // A product of d terms is off by at most this share of |a| |b|, which is at most half of |a|^2 + |b|^2.
  const share = FLOAT32_UNIT * (d + 32);
  for (let c = 0; c < centres.rows; c += BASE_BLOCK) {
    const n = Math.min(BASE_BLOCK, centres.rows - c);
    const right = new Tensor('float32', takeRows(centres, undefined, c, c + n), [n, d]);
    // A point is inside where its product exceeds half of |a|^2 + |b|^2 - r^2; this is the part that b decides.
    const half = new Float64Array(n);
    let longest = 0;
    for (let j = 0; j < n; j++) {
      half[j] = (centres.squaredNorms[c + j]! - squaredRadii[c + j]!) / 2;
      longest = Math.max(longest, centres.squaredNorms[c + j]!);
    }
    for (let p = 0; p < points.rows; p += QUERY_BLOCK) {
      const m = Math.min(QUERY_BLOCK, points.rows - p);
      const product = buffer.subarray(0, m * n);
      await session.run(
        { left: new Tensor('float32', takeRows(points, undefined, p, p + m), [m, d]), right },
        { product: new Tensor('float32', product, [m, n]) },
      );
      for (let i = 0; i < m; i++) {
        const norm = points.squaredNorms[p + i]!;
        const error = share * (norm + longest);
        const least = norm / 2 - error;
        const surely = norm / 2 + error;
        for (let j = 0, at = i * n; j < n; j++, at++) {
          const excess = product[at]! - half[j]!;
          if (excess <= least) continue;
          if (
            excess < surely &&
            !(squaredDistance(points.data, (p + i) * d, centres, c + j) < squaredRadii[c + j]!)
          )
            continue;
          balls[p + i]!++;
          occupied[c + j] = 1;
        }
      }
    }
  }
  return { balls, occupied };
}
