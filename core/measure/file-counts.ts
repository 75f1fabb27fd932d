import type { BatchCounts } from '../../db/queries/batches.ts';
import type { Store } from '../../db/store.ts';
import type { Role } from '../../rpc/contract/terms.ts';

/** Counts over all files. They take seconds in a large project, and change only with an import. */
export interface FileCounts {
  batches: BatchCounts[];
  /** Images by the batch of their home file, in the order of the batches. */
  images: { batch: string; role: Role; images: number }[];
  /** Files whose bytes were already known, by their batch and the role of the image's home file. */
  copies: { batchId: number; homeRole: Role; role: Role; files: number }[];
}

const cache = new WeakMap<Store, { key: string; counts: FileCounts }>();

/** The current counts; cached until a file is added. */
export function fileCounts(store: Store): FileCounts {
  const key = store.overview.newestFile();
  const known = cache.get(store);
  if (known?.key === key) return known.counts;
  const counts = {
    batches: store.batches.all(),
    images: store.images.countsByBatch(),
    copies: store.overview.copies(),
  };
  cache.set(store, { key, counts });
  return counts;
}

/** Images by the role of their home file. */
export function imagesByRole(store: Store): Record<Role, number> {
  const found: Record<Role, number> = { real: 0, holdout: 0, synthetic: 0 };
  for (const { role, images } of fileCounts(store).images) found[role] += images;
  return found;
}
