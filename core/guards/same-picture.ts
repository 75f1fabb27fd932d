/** How alike two pictures are on their 32x32 RGB signatures, brightness and contrast set aside. */
export interface Likeness {
  /** Pearson correlation over all bytes, -1..1; 1 for two flat pictures. */
  correlation: number;
  /** Root mean square, in levels of 255, of what is left after the least-squares gain and offset. */
  residual: number;
}

/**
 * Re-encoding, resizing and a change of brightness leave less than 3 levels after the fit; another view of the same
 * object leaves more. Correlation is asked for too, since two dark pictures differ by few levels whatever they show.
 */
const LARGEST_RESIDUAL = 3;
const LEAST_CORRELATION = 0.998;

/** Compares two signatures of equal length by a linear fit of the one to the other. */
export function likeness(a: Uint8Array, b: Uint8Array): Likeness {
  const n = a.length;
  let sumA = 0;
  let sumB = 0;
  let sumAA = 0;
  let sumAB = 0;
  let sumBB = 0;
  for (let i = 0; i < n; i++) {
    const x = a[i]!;
    const y = b[i]!;
    sumA += x;
    sumB += y;
    sumAA += x * x;
    sumAB += x * y;
    sumBB += y * y;
  }
  const varianceA = sumAA / n - (sumA / n) ** 2;
  const varianceB = sumBB / n - (sumB / n) ** 2;
  const covariance = sumAB / n - (sumA / n) * (sumB / n);
  if (varianceA === 0 || varianceB === 0)
    return { correlation: varianceA === varianceB ? 1 : 0, residual: Math.sqrt(varianceA + varianceB) };
  const correlation = Math.min(1, covariance / Math.sqrt(varianceA * varianceB));
  return { correlation, residual: Math.sqrt(Math.max(0, varianceB * (1 - correlation ** 2))) };
}

/** Whether two signatures show one and the same picture, perhaps re-encoded, resized or brightened. */
export function isSamePicture({ correlation, residual }: Likeness): boolean {
  return residual <= LARGEST_RESIDUAL && correlation >= LEAST_CORRELATION;
}
