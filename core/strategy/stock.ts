import type { CompositionRow } from '../../db/queries/reports.ts';

/** Images of a class. */
export interface ClassStock {
  name: string;
  real: number;
  /** Synthetic images that count as the class and are neither rejected nor kept out by a rule. */
  usable: number;
}

/** Images of a batch. */
interface BatchStock {
  images: number;
  accepted: number;
  rejected: number;
  /** Neither rejected nor kept out by a rule. */
  left: number;
}

export interface Stock {
  /** Real images that nobody rejected. */
  real: number;
  classes: ClassStock[];
  batches: Map<number, BatchStock>;
}

/** Counts a project's images, from rows counted by label and fate. `names` are the labels by id. */
export function stockOf(rows: readonly CompositionRow[], names: ReadonlyMap<number, string>): Stock {
  const classes = new Map(names.entries().map(([id, name]) => [id, { name, real: 0, usable: 0 }]));
  const stock: Stock = { real: 0, classes: [...classes.values()], batches: new Map() };
  for (const { role, batchId, givenId, labelId, verdict, settled, images } of rows) {
    const isRejected = verdict === 'reject';
    const final = classes.get((verdict === 'relabel' ? labelId : givenId) ?? -1);
    if (role === 'real' && !isRejected) {
      stock.real += images;
      if (final) final.real += images;
    }
    if (role !== 'synthetic') continue;
    const isLeft = !isRejected && settled === 0;
    const batch = stock.batches.get(batchId) ?? { images: 0, accepted: 0, rejected: 0, left: 0 };
    stock.batches.set(batchId, batch);
    batch.images += images;
    if (isRejected) batch.rejected += images;
    else if (verdict !== null) batch.accepted += images;
    if (isLeft) batch.left += images;
    if (final && isLeft) final.usable += images;
  }
  return stock;
}
