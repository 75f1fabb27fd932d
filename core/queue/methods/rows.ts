import type { Random } from '../../base/numeric/random.ts';

export function squaredNorms(rows: Float32Array, dimensions: number): Float64Array {
  const norms = new Float64Array(rows.length / dimensions);
  for (let i = 0; i < norms.length; i++)
    for (let d = i * dimensions; d < (i + 1) * dimensions; d++) norms[i]! += rows[d]! * rows[d]!;
  return norms;
}

export function dot(a: Float32Array, i: number, b: Float32Array, j: number, dimensions: number): number {
  let sum = 0;
  for (let d = 0, p = i * dimensions, q = j * dimensions; d < dimensions; d++, p++, q++) sum += a[p]! * b[q]!;
  return sum;
}

/** The row of the largest value, the first of equal ones; rows that were taken are NaN. */
export function argmax(values: Float64Array): number {
  let best = -1;
  for (let i = 0; i < values.length; i++)
    if (!Number.isNaN(values[i]!) && (best < 0 || values[i]! > values[best]!)) best = i;
  return best;
}

/** Draws a row with probability proportional to its weight; NaN and 0 are never drawn. -1 if nothing has weight. */
export function weighted(weights: Float64Array, random: Random): number {
  let total = 0;
  for (const weight of weights) if (weight > 0) total += weight;
  if (total === 0) return -1;
  let left = random() * total;
  let last = -1;
  for (let i = 0; i < weights.length; i++) {
    if (!(weights[i]! > 0)) continue;
    last = i;
    if ((left -= weights[i]!) < 0) break;
  }
  return last;
}

/** Yields to other work now and then during a long choice, and stops it on an abort. */
export async function breathe(step: number, signal: AbortSignal | undefined): Promise<void> {
  if (step % 16 !== 0) return;
  signal?.throwIfAborted();
  await new Promise((resolve) => setImmediate(resolve));
}
