/** Before anything is known: one label in twenty is wrong, believed as firmly as a quarter of the images would say it. */
export const USUAL_RATE = 0.05;
const FIRMNESS = 0.25;
const ROUNDS = 200;
const CLOSE = 1e-7;

/**
 * The share of wrong labels among images whose probabilities `p` were computed as if it were `assumed`: expectation
 * maximisation over the unknown share (Saerens, Latinne, Decaestecker 2002), drawn towards the usual rate where the
 * images say little. NaN entries are left out.
 */
export function estimateBaseRate(p: ArrayLike<number>, assumed: number): number {
  let rate = USUAL_RATE;
  for (let round = 0; round < ROUNDS; round++) {
    let sum = 0;
    let n = 0;
    for (let i = 0; i < p.length; i++) {
      if (Number.isNaN(p[i]!)) continue;
      sum += atRate(p[i]!, assumed, rate);
      n++;
    }
    if (n === 0) return USUAL_RATE;
    const next = (sum + FIRMNESS * n * USUAL_RATE) / (n * (1 + FIRMNESS));
    if (Math.abs(next - rate) < CLOSE) return next;
    rate = next;
  }
  return rate;
}

/** A probability computed under one base rate as it would be under another. */
export function atRate(p: number, assumed: number, rate: number): number {
  const wrong = (p * rate) / assumed;
  const right = ((1 - p) * (1 - rate)) / (1 - assumed);
  return wrong / (wrong + right);
}
