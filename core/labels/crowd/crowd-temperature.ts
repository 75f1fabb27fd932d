import type { Crowd } from './crowd.ts';

const COARSE = [0.1, 0.2, 0.5, 0.8, 1, 2, 3, 5, 8];
/** Steps between two neighbouring values of the coarse grid. */
const FINE = 4;
const SMALLEST = 1e-30;

/** Rows `p^(1/T)`, made to sum to 1: below 1 sharper, above 1 flatter. Probabilities of 0 count as 1e-30. */
export function atTemperature(
  probabilities: Float64Array,
  classes: number,
  temperature: number,
): Float64Array {
  const scaled = probabilities.map((p) => Math.max(p, SMALLEST) ** (1 / temperature));
  for (let start = 0; start < scaled.length; start += classes) {
    const row = scaled.subarray(start, start + classes);
    const sum = row.reduce((a, b) => a + b, 0);
    for (let k = 0; k < classes; k++) row[k]! /= sum;
  }
  return scaled;
}

/**
 * The temperature at which the model's probabilities are closest to what the annotators said: least cross entropy with
 * the shares of the answers, by a coarse grid from .1 to 8 and four steps to either side of its best.
 */
export function crowdTemperature(crowd: Crowd): number {
  const losses = COARSE.map((temperature) => softCrossEntropy(crowd, temperature));
  const best = losses.indexOf(Math.min(...losses));
  const between = (from: number, to: number): number[] =>
    from < 0 || to >= COARSE.length
      ? []
      : Array.from({ length: FINE }, (_, i) => COARSE[from]! + ((COARSE[to]! - COARSE[from]!) * i) / FINE);
  const fine = [...between(best - 1, best), ...between(best, best + 1), COARSE[best + 1] ?? COARSE[best]!];
  const fineLosses = fine.map((temperature) => softCrossEntropy(crowd, temperature));
  return fine[fineLosses.indexOf(Math.min(...fineLosses))]!;
}

/** Mean over the answers' shares of -ln p, every image counting once. */
function softCrossEntropy(
  { classes, annotators, answers, probabilities }: Crowd,
  temperature: number,
): number {
  const scaled = atTemperature(probabilities, classes, temperature);
  let total = 0;
  for (let start = 0, row = 0; start < answers.length; start += annotators, row++) {
    const own = answers.subarray(start, start + annotators).filter((answer) => answer >= 0);
    for (const answer of own)
      total -= Math.log(Math.max(scaled[row * classes + answer]!, SMALLEST)) / own.length;
  }
  return total;
}
