import { useLayoutEffect } from 'react';
import type { ReviewItem } from '../../../rpc/contract/reviews.ts';
import { affordable, type PictureCache } from './pictures.ts';
import type { SessionStore } from './session-store.ts';
import { useReview } from './use-review.ts';

const AHEAD = 5;
const BUDGET_BYTES = 256 * 1024 * 1024;

/** Keeps the next five images decoded, and the one before, as far as memory allows. */
export function usePicturesAhead(store: SessionStore, pictures: PictureCache): void {
  const position = useReview(store, (state) => state.position);
  const loaded = useReview(store, (state) => state.loaded);
  useLayoutEffect(() => {
    const around = Array.from({ length: AHEAD + 1 }, (_, i) => position + i);
    const items = [...around, position - 1]
      .map((at) => store.items.at(at))
      .filter((item): item is ReviewItem => item !== undefined);
    pictures.want(items.slice(0, affordable(items, BUDGET_BYTES)).map(({ sha256 }) => sha256));
  }, [store, pictures, position, loaded]);
}
