const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** Natural logarithm of the gamma function for x > 0 (Lanczos, g = 7, nine terms; about 15 digits). */
export function lgamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lgamma(1 - x);
  const z = x - 1;
  let sum = LANCZOS[0]!;
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (z + i);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** ln of the binomial coefficient "n choose k"; -Infinity outside 0 <= k <= n. */
export function lnChoose(n: number, k: number): number {
  if (k < 0 || k > n) return -Infinity;
  return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

/** Continued fraction of the incomplete beta function, by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const guard = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / guard(1 - ((a + b) * x) / (a + 1));
  let h = d;
  for (let m = 1; m < 100_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / guard(1 + even * d);
    c = guard(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / guard(1 + odd * d);
    c = guard(1 + odd / c);
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return h;
}

/** The regularised incomplete beta function I_x(a, b), the distribution function of Beta(a, b), for a, b > 0. */
export function betaCdf(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/** The x at which Beta(a, b) has the probability `p` below it, by bisection to the last bit. */
export function betaInv(p: number, a: number, b: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  let low = 0;
  let high = 1;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return middle;
    if (betaCdf(middle, a, b) < p) low = middle;
    else high = middle;
  }
}

/** P(X = x) when n of N items are drawn without replacement and D of the N are marked. */
export function hypergeometricPmf(x: number, N: number, D: number, n: number): number {
  if (x < Math.max(0, n - (N - D)) || x > Math.min(n, D)) return 0;
  return Math.exp(lnChoose(D, x) + lnChoose(N - D, n - x) - lnChoose(N, n));
}

/** P(X <= x) when n of N items are drawn without replacement and D of the N are marked. */
export function hypergeometricCdf(x: number, N: number, D: number, n: number): number {
  const lnAll = lnChoose(N, n);
  let sum = 0;
  for (let i = Math.max(0, n - (N - D)); i <= Math.min(x, n, D); i++) {
    sum += Math.exp(lnChoose(D, i) + lnChoose(N - D, n - i) - lnAll);
  }
  return Math.min(1, sum);
}

/** One-sided upper limit of a rate (Clopper and Pearson 1934) after `errors` in `sampled` draws. */
export function rateUpperBound(errors: number, sampled: number, confidence: number): number {
  return errors >= sampled ? 1 : betaInv(confidence, errors + 1, sampled - errors);
}

/** Two-sided limits of a rate (Clopper and Pearson 1934): the coverage is at least `confidence`, whatever the rate. */
export function rateInterval(errors: number, sampled: number, confidence: number): [number, number] {
  const tail = (1 - confidence) / 2;
  const low = errors === 0 ? 0 : betaInv(tail, errors, sampled - errors + 1);
  return [low, rateUpperBound(errors, sampled, 1 - tail)];
}
