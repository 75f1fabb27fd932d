// What goes wrong in which round of a world: decided before a pixel is touched.
import { FAMILIES, WORLD_IDS, type WorldId } from './lists.ts';
import type { Sizes } from './sides.ts';

/** How much of everything. */
export interface Amounts {
  /**
   * A world is judged in rounds, each a project of its own with the same real sides: so every kind of fault can be there
   * often enough to be counted, while a batch stays as sound as real ones are.
   */
  rounds: number;
  /** Clean pictures to draw on. */
  clean: Sizes;
  /** Synthetic images of a round. */
  batch: number;
  /** Of each kind of label noise, in every round. */
  perLabelKind: number;
  /** Of each other kind, in the one round that has it. */
  perFamily: number;
}

export const AMOUNTS: Record<'quick' | 'full', Amounts> = {
  full: {
    rounds: 4,
    clean: { real: 320, holdout: 160, synthetic: 700 },
    batch: 600,
    perLabelKind: 10,
    perFamily: 6,
  },
  quick: {
    rounds: 4,
    clean: { real: 160, holdout: 80, synthetic: 260 },
    batch: 200,
    perLabelKind: 3,
    perFamily: 2,
  },
};

/** Share of the real images under a wrong label in the round whose seed is noisy. */
const SEED_NOISE = 0.08;

export interface RoundPlan {
  round: number;
  /** Share of the real images under a label of a class that looks alike. */
  seedNoise: number;
  labels: readonly string[];
  /** Faults that a queue has to find, other than wrong labels. */
  faults: readonly string[];
  copies: readonly string[];
}

const ALL: readonly string[] = [...FAMILIES.choose, ...FAMILIES.report];

/**
 * Deals the kinds of fault out to the rounds of a world, differently from world to world: the last round, whose seed is
 * noisy, must not always have the same ones.
 */
export function planRounds(world: WorldId, rounds: number, isCopy: (family: string) => boolean): RoundPlan[] {
  const labels = ALL.filter((family) => family.startsWith('label-'));
  const rest = ALL.filter((family) => !labels.includes(family));
  const shift = WORLD_IDS.indexOf(world);
  const dealt = (families: string[], round: number): string[] =>
    families.filter((_, i) => (i + shift) % rounds === round);
  return Array.from({ length: rounds }, (_, round) => ({
    round,
    seedNoise: round === rounds - 1 ? SEED_NOISE : 0,
    labels,
    faults: dealt(
      rest.filter((family) => !isCopy(family)),
      round,
    ),
    copies: dealt(rest.filter(isCopy), round),
  }));
}
