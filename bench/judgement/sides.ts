/** What a set has: trusted photographs, others kept back, and the batch. */
export const SIDES = ['real', 'holdout', 'synthetic'] as const;
export type Side = (typeof SIDES)[number];

/** Pictures of each side, over all classes. */
export type Sizes = Record<Side, number>;

export const perClass = (total: number, classes: number): number => Math.max(1, Math.round(total / classes));
