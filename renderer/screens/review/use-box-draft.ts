import { useCallback, useState } from 'react';
import type { ReviewBox, ReviewItem } from '../../../rpc/contract/reviews.ts';
import { moved, pixelsOf, resized, spanned, withPixels, type PixelBox } from './box-geometry.ts';

const NO_BOXES: ReviewBox[] = [];
const COARSE_PX = 10;

interface Draft {
  boxes: ReviewBox[];
  selected: number | null;
  isChanged: boolean;
}

/** The item's boxes while they are edited: nothing is on record until they are given as an answer. */
export function useBoxDraft(item: ReviewItem | null) {
  // By image, so that edits outlive a reload of the item and a new order of the queue.
  const [drafts, setDrafts] = useState<ReadonlyMap<string, Draft>>(new Map());
  const draft: Draft = (item && drafts.get(item.sha256)) ?? {
    boxes: item?.boxes ?? NO_BOXES,
    selected: null,
    isChanged: false,
  };
  const { boxes, selected, isChanged } = draft;
  const set = (change: Partial<Draft>) =>
    item && setDrafts(new Map(drafts).set(item.sha256, { ...draft, ...change }));
  const forget = useCallback((sha256: string) => {
    setDrafts((kept) => new Map([...kept].filter(([of]) => of !== sha256)));
  }, []);
  const edit = (to: ReviewBox[], next: number | null) => set({ boxes: to, selected: next, isChanged: true });
  const change = (index: number, box: ReviewBox) =>
    edit(
      boxes.map((other, i) => (i === index ? box : other)),
      index,
    );

  /** Moves the selected box, or its lower right corner, by pixels of the image. */
  const nudge = (dx: number, dy: number, isCorner: boolean, isCoarse: boolean) => {
    const box = selected === null ? undefined : boxes[selected];
    const pixels = box && item && pixelsOf(box, item);
    if (!box || !pixels || !item || selected === null) return;
    const by = isCoarse ? COARSE_PX : 1;
    const move = isCorner
      ? resized(pixels, 'se', dx * by, dy * by, item)
      : moved(pixels, dx * by, dy * by, item);
    change(selected, withPixels(box, move, item));
  };

  /** A new box in the middle of the picture, or `at` a place. */
  const add = (label: string, at: PixelBox | null = null) => {
    if (!item) return;
    const { width, height } = item;
    const middle = at ?? spanned(width * 0.4, height * 0.4, width * 0.6, height * 0.6, item);
    const like = boxes[0]?.format ?? 'xywh-pixel';
    const box = withPixels({ label, format: like, values: [0, 0, 0, 0] }, middle, item);
    edit([...boxes, box], boxes.length);
  };

  const remove = () => {
    if (selected === null) return;
    const left = boxes.filter((_, i) => i !== selected);
    edit(left, left.length === 0 ? null : Math.min(selected, left.length - 1));
  };

  return {
    boxes,
    selected,
    isChanged,
    select: (index: number | null) => set({ selected: index }),
    selectNext: () => boxes.length > 0 && set({ selected: ((selected ?? -1) + 1) % boxes.length }),
    rename: (label: string) => {
      const box = selected === null ? undefined : boxes[selected];
      if (box && selected !== null) change(selected, { ...box, label });
    },
    change,
    nudge,
    add,
    remove,
    /** Lets go of what was edited: it is on record now, or the reviewer drops it. */
    forget,
  };
}

export type BoxDraft = ReturnType<typeof useBoxDraft>;
