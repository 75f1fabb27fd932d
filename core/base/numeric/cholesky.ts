/**
 * The lower Cholesky factor of a symmetric positive matrix (its lower half given), d x d, row-major. A pivot that
 * rounding made 0 or less counts as machine epsilon, so that the factor can be solved with. For a matrix that is only
 * semidefinite give `least`: a pivot of at most that is a direction without extent, and its column is 0.
 */
export function cholesky(matrix: ArrayLike<number>, d: number, least?: number): Float64Array {
  const factor = new Float64Array(d * d);
  for (let a = 0; a < d; a++)
    for (let b = 0; b <= a; b++) {
      let sum = matrix[a * d + b]!;
      for (let c = 0; c < b; c++) sum -= factor[a * d + c]! * factor[b * d + c]!;
      const pivot = factor[b * d + b]!;
      if (a !== b) factor[a * d + b] = pivot > 0 ? sum / pivot : 0;
      else if (least === undefined) factor[a * d + a] = Math.sqrt(Math.max(sum, Number.EPSILON));
      else factor[a * d + a] = sum > least ? Math.sqrt(sum) : 0;
    }
  return factor;
}

/** The z of factor z = row. */
export function solveLower(factor: Float64Array, row: ArrayLike<number>, d: number): Float64Array {
  const z = new Float64Array(d);
  for (let a = 0; a < d; a++) {
    const at = a * d;
    let sum = row[a]!;
    for (let c = 0; c < a; c++) sum -= factor[at + c]! * z[c]!;
    z[a] = sum / factor[at + a]!;
  }
  return z;
}

/** The x of factor^T x = z. */
export function solveUpper(factor: Float64Array, z: ArrayLike<number>, d: number): Float64Array {
  const x = new Float64Array(d);
  for (let a = d - 1; a >= 0; a--) {
    let sum = z[a]!;
    for (let c = a + 1; c < d; c++) sum -= factor[c * d + a]! * x[c]!;
    x[a] = sum / factor[a * d + a]!;
  }
  return x;
}

/** Adds weight * row row^T to the lower half of a square matrix. */
export function addOuter(matrix: Float64Array, row: Float64Array, weight: number): void {
  const d = row.length;
  for (let a = 0; a < d; a++) {
    const left = weight * row[a]!;
    if (left === 0) continue;
    const at = a * d;
    for (let b = 0; b <= a; b++) matrix[at + b]! += left * row[b]!;
  }
}
