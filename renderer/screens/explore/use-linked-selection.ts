import { useEffect, useEffectEvent, useRef } from 'react';
import { core } from '../../client.ts';
import { reportFailure } from '../../parts/report-failure.ts';
import { selectedParam, type ExploreSearch } from './search.ts';
import type { SelectionInUse } from './use-selection.ts';
import type { Explore } from './use-explore.ts';

const REST_MS = 300;

/** Reads the selection from the opened address, then keeps the address up to date. */
export function useLinkedSelection(
  project: string,
  isViewThere: boolean,
  { search, go }: Explore,
  chosen: SelectionInUse,
): void {
  const linked = useRef<ExploreSearch['selected'] | null>(search.selected);
  const restore = useEffectEvent(async () => {
    const wanted = linked.current;
    linked.current = null;
    if (wanted === null || wanted.length === 0) return;
    if (wanted === 'view') return chosen.chooseView();
    const details = await Promise.all(wanted.map((sha256) => core.images.detail({ project, sha256 })));
    chosen.choose(details.map(({ id, sha256 }) => ({ id, sha256 })));
  });
  useEffect(() => {
    if (isViewThere)
      restore().catch((error: unknown) =>
        reportFailure('The selection of the link could not be found', error),
      );
  }, [isViewThere]);

  const { selection } = chosen;
  const write = useEffectEvent(() => {
    if (linked.current !== null) return;
    const selected = selection.isWholeView ? 'view' : selectedParam([...selection.picked.keys()]);
    if (JSON.stringify(selected) !== JSON.stringify(search.selected)) go({ selected }, 'replace');
  });
  useEffect(() => {
    const timer = setTimeout(() => write(), REST_MS);
    return () => clearTimeout(timer);
  }, [selection]);
}
