import { useCallback, useMemo, useState } from 'react';
import type { ReviewItem } from '../../../rpc/contract/reviews.ts';
import { useProject } from '../../project.tsx';
import { useSettings } from '../../settings.tsx';
import { given, labelSlots, MOST_FIXED, togglePin, type AtHand } from './label-slots.ts';

const FIXED = 'labels-fixed';
/** Up to this many classes have fixed keys unless the person says otherwise: they are learnt in minutes. */
const FIXED_UP_TO = 10;
const RECENT_ONLY: AtHand['recent'] = [];

/** Which label each key stands for at this item. A blind queue has no guesses: they would tell the model's. */
export function useLabelSlots(item: ReviewItem | null, classes: readonly string[], isBlind: boolean) {
  const { folder } = useProject();
  const { settings, set } = useSettings();
  const [recent, setRecent] = useState(RECENT_ONLY);
  const pins = settings.panels[`pins ${folder}`];
  const hand = useMemo(
    (): AtHand => ({ pinned: typeof pins === 'string' ? (JSON.parse(pins) as string[]) : [], recent }),
    [pins, recent],
  );
  const canBeFixed = classes.length <= MOST_FIXED;
  const wanted = settings.panels[FIXED] ?? classes.length <= FIXED_UP_TO;
  const isFixed = canBeFixed && wanted === true;
  const slots = useMemo(() => {
    if (isFixed) return classes;
    const guesses = isBlind ? [] : (item?.probabilities ?? []).map(({ label }) => label);
    return labelSlots(classes, guesses, hand);
  }, [isFixed, isBlind, classes, item, hand]);
  return {
    slots,
    pinned: hand.pinned,
    isFixed,
    canBeFixed,
    note: useCallback(
      (label: string) => setRecent((now) => given(label, { pinned: [], recent: now }).recent),
      [],
    ),
    togglePin: (label: string) => {
      const { pinned } = togglePin(label, hand);
      set(({ panels }) => ({ panels: { ...panels, [`pins ${folder}`]: JSON.stringify(pinned) } }));
    },
    toggleFixed: () => set(({ panels }) => ({ panels: { ...panels, [FIXED]: !isFixed } })),
  };
}

export type LabelSlots = ReturnType<typeof useLabelSlots>;
