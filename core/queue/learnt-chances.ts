import { PRIORITY_STRATA, type PriorityStratum } from '../../rpc/contract/terms.ts';

/** Chances are never taken for surer than this; decisions must be able to move them. */
const SUREST = 0.98;
/** Standard deviation of the shift that is believed before any decision, in log odds. */
const USUAL_SHIFT = 1.5;
const STEPS = 50;
const CLOSE = 1e-9;

type Chances = Record<PriorityStratum, Float64Array>;

/**
 * Chances that have learnt from decisions: in `novel` and `damaged` the odds of all images are multiplied by one factor,
 * the most probable one given how the decided images turned out, if its logarithm is usually within 1.5 of 0. A stratum
 * that finds nothing so loses its part of the budget by itself. `suspect-label` learns elsewhere (labels/risk/learn.ts).
 * A decided image speaks for the stratum where its chance is highest.
 *
 * @param decided row -> whether the image was faulty
 */
export function learnChances(chances: Chances, decided: ReadonlyMap<number, boolean>): Chances {
  const learnt = { ...chances };
  for (const stratum of ['novel', 'damaged'] as const) {
    const own = [...decided].filter(([row]) => isLikeliestIn(stratum, row, chances));
    const shift = shiftOf(own.map(([row, faulty]) => ({ chance: chances[stratum][row]!, faulty })));
    if (shift !== 0)
      learnt[stratum] = chances[stratum].map((chance) =>
        chance > 0 ? 1 / (1 + Math.exp(-logOdds(chance) - shift)) : 0,
      );
  }
  return learnt;
}

/** Whether an image is likeliest to be faulty in this stratum, the first one among equals. */
function isLikeliestIn(stratum: PriorityStratum, row: number, chances: Chances): boolean {
  const [first] = PRIORITY_STRATA.toSorted((a, b) => chances[b][row]! - chances[a][row]!);
  return first === stratum && chances[stratum][row]! > 0;
}

function logOdds(chance: number): number {
  const p = Math.min(SUREST, Math.max(1 - SUREST, chance));
  return Math.log(p / (1 - p));
}

/** The most probable shift of the log odds, by Newton's method on a concave function. 0 without decisions. */
function shiftOf(decided: { chance: number; faulty: boolean }[]): number {
  let shift = 0;
  for (let step = 0; step < STEPS; step++) {
    let slope = -shift / USUAL_SHIFT ** 2;
    let bend = -1 / USUAL_SHIFT ** 2;
    for (const { chance, faulty } of decided) {
      const p = 1 / (1 + Math.exp(-logOdds(chance) - shift));
      slope += Number(faulty) - p;
      bend -= p * (1 - p);
    }
    const change = slope / bend;
    shift -= change;
    if (Math.abs(change) < CLOSE) break;
  }
  return shift;
}
