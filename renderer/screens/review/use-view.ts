import { useCallback, useMemo, type RefObject } from 'react';
import type { Settings } from '../../../rpc/contract/settings.ts';
import type { ActionId } from '../../parts/keys.ts';
import { SHOWS_ODD } from '../../parts/odd-map.tsx';
import { useSettings } from '../../settings.tsx';
import { MOST_STEPS, type Light } from './light.ts';
import { paintActions } from './paint-keys.ts';
import type { Painter } from './painter.ts';

/** How a person looks at pictures; remembered for them, whatever the project. */
export interface View {
  light: Light;
  /** The zoom stays from item to item. */
  keepsZoom: boolean;
  /** A map of what looks odd lies over the picture. */
  showsOdd: boolean;
  /** Everything but the object before them is dimmed. */
  dimsOthers: boolean;
}

type Panels = Settings['panels'];
const KEEPS_ZOOM = 'view-keeps-zoom';
const DIMS_OTHERS = 'view-dims-others';
const nameOf = (part: keyof Light) => `view-${part}`;

function viewOf(panels: Panels): View {
  const steps = (part: keyof Light) => Number(panels[nameOf(part)] ?? 0);
  return {
    light: { brightness: steps('brightness'), contrast: steps('contrast'), gamma: steps('gamma') },
    keepsZoom: panels[KEEPS_ZOOM] === true,
    showsOdd: panels[SHOWS_ODD] === true,
    dimsOthers: panels[DIMS_OTHERS] === true,
  };
}

/** How this person looks at pictures, and what keys do about it. `painter` is asked when a key is pressed. */
export function useView(painter: RefObject<Painter | null>): {
  view: View;
  actions: Partial<Record<ActionId, () => void>>;
} {
  const { settings, set } = useSettings();
  const { panels } = settings;
  const view = useMemo(() => viewOf(panels), [panels]);
  const keep = useCallback(
    (change: (now: View) => Panels) =>
      set((now) => ({ panels: { ...now.panels, ...change(viewOf(now.panels)) } })),
    [set],
  );
  const step = (part: keyof Light, by: number) => () =>
    keep(({ light }) => ({
      [nameOf(part)]: Math.max(-MOST_STEPS, Math.min(MOST_STEPS, light[part] + by)),
    }));
  return {
    view,
    actions: {
      ...paintActions(() => painter.current),
      brighter: step('brightness', 1),
      darker: step('brightness', -1),
      'more-contrast': step('contrast', 1),
      'less-contrast': step('contrast', -1),
      'more-gamma': step('gamma', 1),
      'less-gamma': step('gamma', -1),
      'plain-light': () =>
        keep(() => ({ [nameOf('brightness')]: 0, [nameOf('contrast')]: 0, [nameOf('gamma')]: 0 })),
      'odd-map': () => keep((now) => ({ [SHOWS_ODD]: !now.showsOdd })),
      'dim-others': () => keep((now) => ({ [DIMS_OTHERS]: !now.dimsOthers })),
      'keep-zoom': () => keep((now) => ({ [KEEPS_ZOOM]: !now.keepsZoom })),
    },
  };
}
