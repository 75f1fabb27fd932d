/** Under so many pairs an interval says nothing. */
const FEWEST = 10;
const Z = 1.959963984540054;

/**
 * Spearman's rank correlation (1904), Pearson's of the ranks with ties at their mean rank, and its 95 % interval by
 * Fisher's z with the variance (1 + rho² / 2) / (n - 3) of Bonett and Wright (Psychometrika 65:23, 2000). Null where there
 * are fewer than 3 pairs or one of the two never varies; the interval is null under 10 pairs.
 */
export function spearman(
  a: readonly number[],
  b: readonly number[],
): { rho: number; interval: [number, number] | null } | null {
  const n = a.length;
  if (n < 3) return null;
  const [x, y] = [ranks(a), ranks(b)];
  const middle = (n + 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [dx, dy] = [x[i]! - middle, y[i]! - middle];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  if (xx === 0 || yy === 0) return null;
  const rho = Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
  if (n < FEWEST) return { rho, interval: null };
  const half = Z * Math.sqrt((1 + rho ** 2 / 2) / (n - 3));
  return { rho, interval: [Math.tanh(Math.atanh(rho) - half), Math.tanh(Math.atanh(rho) + half)] };
}

/** Ranks from 1, equal values at the mean of theirs. */
function ranks(values: readonly number[]): Float64Array {
  const order = values.map((_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const found = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1]!] === values[order[from]!]) to++;
    for (let i = from; i <= to; i++) found[order[i]!] = (from + to) / 2 + 1;
    from = to + 1;
  }
  return found;
}
