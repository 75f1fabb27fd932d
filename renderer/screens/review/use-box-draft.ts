import { useState } from 'react';
import type { ReviewBox, ReviewItem } from '../../../rpc/contract/reviews.ts';
import { moved, pixelsOf, resized, spanned, withPixels } from './box-geometry.ts';

const NO_BOXES: ReviewBox[] = [];
const COARSE_PX = 10;

interface Draft {
  boxes: ReviewBox[];
  selected: number | null;
}

/** The item's boxes while they are edited: nothing is on record until they are given as an answer. */
export function useBoxDraft(item: ReviewItem | null) {
  const [edited, setEdited] = useState<{ of: ReviewItem; draft: Draft } | null>(null);
  const original = item?.boxes ?? NO_BOXES;
  const draft: Draft = edited && edited.of === item ? edited.draft : { boxes: original, selected: null };
  const { boxes, selected } = draft;
  const set = (change: Partial<Draft>) => item && setEdited({ of: item, draft: { ...draft, ...change } });
  const change = (index: number, box: ReviewBox) =>
    set({ boxes: boxes.map((other, i) => (i === index ? box : other)), selected: index });

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

  const add = (label: string) => {
    if (!item) return;
    const { width, height } = item;
    const middle = spanned(width * 0.4, height * 0.4, width * 0.6, height * 0.6, item);
    const like = boxes[0]?.format ?? 'xywh-pixel';
    const box = withPixels({ label, format: like, values: [0, 0, 0, 0] }, middle, item);
    set({ boxes: [...boxes, box], selected: boxes.length });
  };

  const remove = () => {
    if (selected === null) return;
    const left = boxes.filter((_, i) => i !== selected);
    set({ boxes: left, selected: left.length === 0 ? null : Math.min(selected, left.length - 1) });
  };

  return {
    boxes,
    selected,
    isChanged: boxes !== original,
    select: (index: number) => set({ selected: index }),
    selectNext: () => boxes.length > 0 && set({ selected: ((selected ?? -1) + 1) % boxes.length }),
    rename: (label: string) => {
      const box = selected === null ? undefined : boxes[selected];
      if (box && selected !== null) change(selected, { ...box, label });
    },
    change,
    nudge,
    add,
    remove,
    reset: () => setEdited(null),
  };
}

export type BoxDraft = ReturnType<typeof useBoxDraft>;
