import { AssayError } from '../../../rpc/errors.ts';
import { EVIDENCE } from './evidence.ts';
import { fitLogisticRegression, linear } from './logistic-regression.ts';
import { z } from 'zod';

/** What only decisions can give a meaning to: nothing is known of these from real images with labels made wrong. */
export const LEARNT = ['disagreement', 'novelty', 'damage', 'confusion'] as const;

/** The simulated rows together count as this many decisions at most, so that more decisions outweigh them. */
const LOUDEST = 300;
/** Before there are any. Much less would shrink the coefficients, and make hard images look wrong. */
const ALONE = 1000;
const PENALTY = 1;
const OF_EVIDENCE = EVIDENCE.length;
const ALL = OF_EVIDENCE + LEARNT.length;

/** Images under their own label and under labels made wrong. */
export interface Simulation {
  /** n x 7 evidence, NaN where unknown. */
  rows: Float64Array;
  /** n values: 1 for a label made wrong. */
  wrong: Uint8Array;
  /** Images that it is made from. */
  images: number;
}

/** Decided images: what is known of them, and whether the label was wrong. */
export interface DecidedRows {
  /** n x 7. */
  evidence: Float64Array;
  /** n x 4: the columns of `LEARNT`; 0 where unknown. */
  learnt: Float64Array;
  wrong: Uint8Array;
}

/** Chances that labels are wrong, from evidence. */
export interface RiskModel {
  /** Of the simulated evidence: the value used for unknown evidence, and the scale. */
  mean: Float64Array;
  std: Float64Array;
  /** Bias first, then evidence, then what decisions taught; for standardised evidence. */
  coefficients: Float64Array;
  /** The share of wrong labels that it was fitted for. */
  rate: number;
}

/**
 * A model of how a wrong label shows. Images are put under wrong labels on purpose, which gives any number of
 * examples of right and wrong labels for free. Decisions are added with weight 1 each; the simulated examples together
 * weigh 300 at most (a power prior: Ibrahim and Chen 2000). `rate` is the share of wrong
 * labels among the simulated rows. Throws `NOT_READY` without a right and a wrong example.
 */
export function fitRiskModel(
  { rows, wrong, images }: Simulation,
  decided: DecidedRows,
  rate: number,
): RiskModel {
  const counts = [0, 0];
  for (const flag of wrong) counts[flag]!++;
  if (counts[0] === 0 || counts[1] === 0)
    throw new AssayError(
      'NOT_READY',
      'How likely labels are wrong takes labelled real images of at least two classes: import an annotated seed and score again.',
    );
  const { mean, std } = moments(rows);
  const n = wrong.length + decided.wrong.length;
  const x = new Float64Array(n * ALL);
  place(x, 0, rows, null, { mean, std });
  place(x, wrong.length, decided.evidence, decided.learnt, { mean, std });
  const loudness = decided.wrong.length === 0 ? ALONE : Math.min(LOUDEST, images);
  const weight = new Float64Array(n).fill(1);
  wrong.forEach((flag, i) => (weight[i] = (loudness * (flag === 1 ? rate : 1 - rate)) / counts[flag]!));
  const coefficients = fitLogisticRegression(
    { x, columns: ALL, y: [...wrong, ...decided.wrong], weight },
    PENALTY,
  );
  return { mean, std, coefficients, rate };
}

/** n probabilities, NaN where no evidence is known at all. `learnt` is null where nothing was decided yet. */
export function predictRisk(
  model: RiskModel,
  evidence: Float64Array,
  learnt: Float64Array | null,
): Float64Array {
  const n = evidence.length / OF_EVIDENCE;
  const x = new Float64Array(n * ALL);
  place(x, 0, evidence, learnt, model);
  return Float64Array.from({ length: n }, (_, i) => {
    const own = evidence.subarray(i * OF_EVIDENCE, (i + 1) * OF_EVIDENCE);
    return own.every(Number.isNaN) ? Number.NaN : 1 / (1 + Math.exp(-linear(x, ALL, i, model.coefficients)));
  });
}

/**
 * Risk before any decision: the simulated model at the usual rate, then moved to the share of wrong labels that the
 * images themselves suggest. Of each group of images (real, synthetic) apart.
 */
export function riskWithoutDecisions(
  simulation: Simulation,
  groups: Float64Array[],
): { risks: Float64Array[]; rates: number[]; model: RiskModel } {
  const model = fitRiskModel(simulation, NOTHING_DECIDED, USUAL_RATE);
  const rates: number[] = [];
  const risks = groups.map((evidence) => {
    const p = predictRisk(model, evidence, null);
    const rate = estimateBaseRate(p, USUAL_RATE);
    rates.push(rate);
    return p.map((value) => atRate(value, USUAL_RATE, rate));
  });
  return { risks, rates, model };
}

export const NOTHING_DECIDED: DecidedRows = {
  evidence: new Float64Array(),
  learnt: new Float64Array(),
  wrong: new Uint8Array(),
};

/** Per column mean and standard deviation of the known values; 0 and 1 where there are none. */
function moments(rows: Float64Array): { mean: Float64Array; std: Float64Array } {
  const mean = new Float64Array(OF_EVIDENCE);
  const std = new Float64Array(OF_EVIDENCE).fill(1);
  for (let c = 0; c < OF_EVIDENCE; c++) {
    let [n, sum, squares] = [0, 0, 0];
    for (let at = c; at < rows.length; at += OF_EVIDENCE) {
      if (Number.isNaN(rows[at]!)) continue;
      n++;
      sum += rows[at]!;
    }
    if (n === 0) continue;
    mean[c] = sum / n;
    for (let at = c; at < rows.length; at += OF_EVIDENCE)
      if (!Number.isNaN(rows[at]!)) squares += (rows[at]! - mean[c]!) ** 2;
    std[c] = Math.sqrt(squares / n) || 1;
  }
  return { mean, std };
}

/** Writes standardised rows from row `first` on; the unknown is average. */
function place(
  x: Float64Array,
  first: number,
  evidence: Float64Array,
  learnt: Float64Array | null,
  { mean, std }: Pick<RiskModel, 'mean' | 'std'>,
): void {
  for (let i = 0; i < evidence.length / OF_EVIDENCE; i++) {
    const at = (first + i) * ALL;
    for (let c = 0; c < OF_EVIDENCE; c++) {
      const value = evidence[i * OF_EVIDENCE + c]!;
      x[at + c] = Number.isNaN(value) ? 0 : (value - mean[c]!) / std[c]!;
    }
    for (let c = 0; learnt && c < LEARNT.length; c++)
      x[at + OF_EVIDENCE + c] = learnt[i * LEARNT.length + c]!;
  }
}

/** Before anything is known: one label in twenty is wrong. */
export const USUAL_RATE = 0.05;
/** Images at the usual rate that are added to those seen: they decide where the seen ones say little. */
const AS_USUAL = 20;
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
    const next = (sum + AS_USUAL * USUAL_RATE) / (n + AS_USUAL);
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

const Stored = z.object({
  format: z.literal('assay-risk-simulation-1'),
  images: z.int().nonnegative(),
  rows: z.base64(),
  wrong: z.base64(),
});

/** JSON text of a simulation: matrices as base64, float64 little-endian. */
export function encodeSimulation({ rows, wrong, images }: Simulation): string {
  const bytes = Buffer.alloc(rows.length * 8);
  rows.forEach((value, i) => bytes.writeDoubleLE(value, i * 8));
  const stored: z.infer<typeof Stored> = {
    format: 'assay-risk-simulation-1',
    images,
    rows: bytes.toString('base64'),
    wrong: Buffer.from(wrong).toString('base64'),
  };
  return JSON.stringify(stored);
}

/** The simulation that `encodeSimulation` wrote. `PROJECT_DAMAGED` for anything else. */
export function decodeSimulation(text: string): Simulation {
  try {
    const { images, rows, wrong } = Stored.parse(JSON.parse(text));
    const bytes = Buffer.from(rows, 'base64');
    const flags = new Uint8Array(Buffer.from(wrong, 'base64'));
    if (bytes.length !== flags.length * EVIDENCE.length * 8)
      throw new Error(`${bytes.length} bytes for ${flags.length} rows`);
    return {
      images,
      rows: Float64Array.from({ length: flags.length * EVIDENCE.length }, (_, i) =>
        bytes.readDoubleLE(i * 8),
      ),
      wrong: flags,
    };
  } catch (error) {
    throw new AssayError(
      'PROJECT_DAMAGED',
      'What the chance of a wrong label was estimated from cannot be read; score the project again.',
      {},
      error,
    );
  }
}
