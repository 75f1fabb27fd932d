import { EVIDENCE } from './evidence.ts';
import {
  atRate,
  estimateBaseRate,
  fitRiskModel,
  NOTHING_DECIDED,
  predictRisk,
  USUAL_RATE,
  type RiskModel,
  type Simulation,
} from './risk-model.ts';

/** An image under its own label and under labels made wrong. */
export interface Trial {
  role: (typeof ROLES)[number];
  /** Evidence, 7 values. */
  own: Float64Array;
  wrong: Float64Array[];
}

const ROLES = ['real', 'synthetic'] as const;
const ROUNDS = 4;
/** Share of right labels that may look wrong, as this share of labels made wrong looks right by as much. */
const MISTAKEN = 0.025;

/**
 * The simulation without the images whose own label is in doubt. Labels of a seed, too, are sometimes wrong, and a model
 * that takes those for examples of right labels calls nothing wrong that looks as they do. Of real and synthetic images
 * apart, in rounds, always from all images:
 *
 * - four times, with as many wrong labels as right ones assumed, so that the few wrong ones among the right cannot hide:
 *   a label is in doubt if it looks more wrong than right, by more than all but 2.5 % of the labels made wrong look
 *   right. Where the model tells the two apart badly, hard images are not taken for wrong ones by this.
 * - a last time at the share of wrong labels that this leads to: in doubt is what is likelier wrong than right.
 */
export function withoutDoubted(trials: readonly Trial[]): Simulation {
  let kept = trials;
  for (let round = 0; round <= ROUNDS; round++) {
    const simulation = simulationOf(kept);
    if (!simulation.wrong.includes(1)) return simulation;
    const last = round === ROUNDS;
    const model = fitRiskModel(simulation, NOTHING_DECIDED, last ? USUAL_RATE : 0.5);
    const believed = ROLES.flatMap((role) => {
      const all = trials.filter((trial) => trial.role === role);
      const risk = risksOf(
        model,
        all.map(({ own }) => own),
      );
      if (last) {
        const rate = estimateBaseRate(risk, USUAL_RATE);
        return all.filter((_, i) => !(atRate(risk[i]!, USUAL_RATE, rate) > 0.5));
      }
      const made = kept.filter((trial) => trial.role === role).flatMap(({ wrong }) => wrong);
      const ascending = risksOf(model, made)
        .filter((p) => !Number.isNaN(p))
        .sort();
      const limit = 1 - (ascending[Math.floor(MISTAKEN * ascending.length)] ?? 0.5);
      return all.filter((_, i) => !(risk[i]! > Math.max(0.5, limit)));
    });
    if (believed.length === 0) return simulation;
    kept = believed;
  }
  return simulationOf(kept);
}

function simulationOf(trials: readonly Trial[]): Simulation {
  return {
    rows: joined(trials.flatMap(({ own, wrong }) => [own, ...wrong])),
    wrong: Uint8Array.from(trials.flatMap(({ wrong }) => [0, ...wrong.map(() => 1)])),
    images: trials.length,
  };
}

const risksOf = (model: RiskModel, rows: readonly Float64Array[]): Float64Array =>
  predictRisk(model, joined(rows), null);

function joined(rows: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(rows.length * EVIDENCE.length);
  rows.forEach((row, i) => all.set(row, i * EVIDENCE.length));
  return all;
}
