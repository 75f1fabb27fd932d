import type { Store } from '../../db/store.ts';
import type { ImageRow } from '../../rpc/contract/images.ts';
import type { Rule } from '../../rpc/contract/terms.ts';

/** Images by number as a list shows them, read by primary keys: as they are now, not as when the list was found. */
export function cellsOf(store: Store, imageIds: number[], score: number): ImageRow[] {
  const run = store.scores.runs().at(-1)?.id ?? 0;
  const queue = store.queue.last()?.id ?? 0;
  const flags = new Map<number, Rule[]>();
  for (const [id, rule] of store.explore.flagsOf(imageIds, run))
    flags.set(id, [...(flags.get(id) ?? []), rule]);
  return store.explore.cells(imageIds, { queue, run, score }).map(({ decidedLabel, ...cell }) => ({
    ...cell,
    label: decidedLabel ?? cell.givenLabel,
    flags: flags.get(cell.id) ?? [],
  }));
}
