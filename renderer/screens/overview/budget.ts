/** Items that a share of the candidates comes to: at least one, where there are any. */
export const itemsOf = (share: number, candidates: number): number =>
  Math.min(candidates, Math.max(1, Math.round(share * candidates)));

/** The share that a number of items is of the candidates, 0..1. */
export const shareOf = (items: number, candidates: number): number =>
  candidates === 0 ? 0 : Math.min(1, items / candidates);
