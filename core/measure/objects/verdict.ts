import type { Kernels } from '../../../models/types.ts';
import { softmaxRows } from '../../base/numeric/softmax.ts';

/** Share of each fault that is assumed before the images say how common it is. */
const USUAL_SHARE = 0.01;
/** No more of the objects are believed to have one fault, and no fewer: the estimate rests on a model. */
const MOST_SHARE = 0.15;
const LEAST_SHARE = 0.0005;
const LAMBDA = 1e-5;
const ROUNDS = 200;

/** How evidence turns into chances of outcomes: 0 is sound, then faults in their order. */
export interface VerdictModel {
  /** Faults and 1. */
  outcomes: number;
  mean: number[];
  spread: number[];
  /** (columns + 1) x outcomes, the last row the bias. */
  weights: Float64Array;
}

/** Evidence whose outcome is known. */
export interface Examples {
  rows: number[][];
  /** Of each row: 0 where all is sound, else the number of the fault, from 1. */
  of: number[];
}

/** Learns from examples of `faults` faults: multinomial logistic regression, each fault at its usual share. */
export async function fitVerdicts(
  { rows, of }: Examples,
  faults: number,
  kernels: Kernels,
): Promise<VerdictModel> {
  const outcomes = faults + 1;
  const columns = rows[0]!.length;
  const counts = new Float64Array(outcomes);
  for (const outcome of of) counts[outcome]! += 1;
  const shares = usualShares(outcomes);
  const mean: number[] = [];
  const spread: number[] = [];
  for (let c = 0; c < columns; c++) {
    const average = rows.reduce((sum, row) => sum + row[c]!, 0) / rows.length;
    mean.push(average);
    spread.push(Math.sqrt(rows.reduce((sum, row) => sum + (row[c]! - average) ** 2, 0) / rows.length) || 1);
  }
  const x = new Float32Array(rows.length * columns);
  for (const [i, row] of rows.entries())
    for (let c = 0; c < columns; c++) x[i * columns + c] = (row[c]! - mean[c]!) / spread[c]!;
  const matrix = `object-verdicts-${crypto.randomUUID()}`;
  await kernels.putMatrix(matrix, x, rows.length, columns);
  try {
    const { weights } = await kernels.fitLogistic({
      x: matrix,
      labels: Int32Array.from(of),
      sampleWeights: Float64Array.from(of, (outcome) => shares[outcome]! / counts[outcome]!),
      classes: outcomes,
      lambda: LAMBDA,
      maxIterations: 500,
    });
    return { outcomes, mean, spread, weights };
  } finally {
    await kernels.dropMatrix(matrix);
  }
}

const usualShares = (outcomes: number): Float64Array =>
  sharesOf(new Float64Array(outcomes - 1).fill(USUAL_SHARE));

function sharesOf(faults: Float64Array): Float64Array {
  return Float64Array.from([1 - faults.reduce((sum, share) => sum + share, 0), ...faults]);
}

/** n x outcomes chances of evidence, at the usual shares. */
export function chancesOf(model: VerdictModel, rows: readonly (readonly number[])[]): Float64Array {
  const { outcomes, mean, spread, weights } = model;
  const columns = mean.length;
  const logits = new Float64Array(rows.length * outcomes);
  for (const [i, row] of rows.entries())
    for (let k = 0; k < outcomes; k++) {
      let sum = weights[columns * outcomes + k]!;
      for (let c = 0; c < columns; c++)
        sum += ((row[c]! - mean[c]!) / spread[c]!) * weights[c * outcomes + k]!;
      logits[i * outcomes + k] = sum;
    }
  return softmaxRows(logits, outcomes, 1);
}

/**
 * The same chances at the shares of the faults that the objects themselves suggest (expectation maximisation: Saerens et
 * al. 2002), each kept between 0.05 and 15 %. Returns the shares too, by fault.
 */
export function atOwnShares(
  chances: Float64Array,
  outcomes: number,
): { chances: Float64Array; shares: Float64Array } {
  const n = chances.length / outcomes;
  const assumed = usualShares(outcomes);
  let shares = assumed;
  let moved = chances;
  for (let round = 0; round < ROUNDS && n > 0; round++) {
    moved = new Float64Array(chances.length);
    const sums = new Float64Array(outcomes);
    for (let i = 0; i < n; i++) {
      let total = 0;
      for (let k = 0; k < outcomes; k++) {
        const value = (chances[i * outcomes + k]! * shares[k]!) / assumed[k]!;
        moved[i * outcomes + k] = value;
        total += value;
      }
      for (let k = 0; k < outcomes; k++) {
        moved[i * outcomes + k]! /= total;
        sums[k]! += moved[i * outcomes + k]! / n;
      }
    }
    const next = sharesOf(sums.slice(1).map((share) => Math.min(MOST_SHARE, Math.max(LEAST_SHARE, share))));
    const step = Math.max(...next.map((share, k) => Math.abs(share - shares[k]!)));
    shares = next;
    if (step < 1e-6) break;
  }
  return { chances: moved, shares: shares.slice(1) };
}

/** The chance that anything is wrong with row i, and the number of the fault that it most likely is, from 0. */
export function verdictAt(
  chances: Float64Array,
  i: number,
  outcomes: number,
): { chance: number; worst: number } {
  const own = chances.subarray(i * outcomes, (i + 1) * outcomes);
  let worst = 0;
  for (let k = 1; k + 1 < outcomes; k++) if (own[k + 1]! > own[worst + 1]!) worst = k;
  return { chance: Math.min(1, Math.max(0, 1 - own[0]!)), worst };
}
