import { useState } from 'react';
import type { ObjectHint } from '../../../rpc/contract/objects.ts';
import type { ReviewItem } from '../../../rpc/contract/reviews.ts';
import { pixelsOf, type PixelBox } from './box-geometry.ts';
import type { BoxDraft } from './use-box-draft.ts';

/** From this chance on the worst object of an item is lit without being asked for. */
const SUSPECT = 0.2;

/** A walk over the objects of an item, the most suspicious first. */
export interface ObjectWalk {
  /** Place in `item.objects`; null where no object is walked to. */
  at: number | null;
  /** The object before the reviewer: the one that was walked to, else the worst if it is suspicious. */
  hint: ObjectHint | null;
  /** Place of that object in `item.objects`. */
  shown: number | null;
  /** Where it is, in pixels of the image. */
  lit: PixelBox | null;
  /** To the next object or the one before. False at the end of the walk, which ends it. */
  step: (by: 1 | -1) => boolean;
  go: (at: number) => void;
}

export function useObjectWalk(
  item: ReviewItem | null,
  draft: BoxDraft,
  { onBoxes, onEnd }: { onBoxes: () => void; onEnd: () => void },
): ObjectWalk {
  const [walk, setWalk] = useState<{ of: string; at: number } | null>(null);
  const objects = item?.objects ?? [];
  const at = walk && walk.of === item?.sha256 ? walk.at : null;
  const worst = objects[0] && objects[0].chance >= SUSPECT ? objects[0] : null;
  const hint = at === null ? worst : (objects[at] ?? null);
  const placeOf = ({ box }: ObjectHint): number =>
    draft.boxes.findIndex(({ of }) => box !== null && of?.decision === null && of.place === box);
  const go = (to: number) => {
    const next = objects[to];
    if (!item || !next) return;
    setWalk({ of: item.sha256, at: to });
    const place = placeOf(next);
    draft.select(place < 0 ? null : place);
    onBoxes();
  };
  return {
    at,
    hint,
    shown: hint && objects.indexOf(hint),
    lit: item && hint && litOf(item, hint, draft, placeOf(hint)),
    go,
    step: (by) => {
      const to = at === null ? (by === 1 ? 0 : objects.length - 1) : at + by;
      if (objects[to]) {
        go(to);
        return true;
      }
      setWalk(null);
      draft.select(null);
      onEnd();
      return false;
    },
  };
}

function litOf(item: ReviewItem, { area }: ObjectHint, draft: BoxDraft, place: number): PixelBox | null {
  const box = draft.boxes[place];
  if (box) return pixelsOf(box, item);
  if (!area) return null;
  const [x, y, width, height] = area;
  return {
    x: x * item.width,
    y: y * item.height,
    width: width * item.width,
    height: height * item.height,
  };
}
