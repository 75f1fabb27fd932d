import type { ActionId } from '../../parts/keys.ts';
import type { Painter } from './painter.ts';
import { ZOOM_STEP } from './viewport.ts';

const PAN_PX = 60;

/** What keys do to the picture. `painter` is asked when a key is pressed. */
export function paintActions(painter: () => Painter | null): Partial<Record<ActionId, () => void>> {
  return {
    'zoom-in': () => painter()?.zoom(ZOOM_STEP),
    'zoom-out': () => painter()?.zoom(1 / ZOOM_STEP),
    'actual-size': () => painter()?.toggleActualSize(),
    'pan-left': () => painter()?.pan(PAN_PX, 0),
    'pan-right': () => painter()?.pan(-PAN_PX, 0),
    'pan-up': () => painter()?.pan(0, PAN_PX),
    'pan-down': () => painter()?.pan(0, -PAN_PX),
  };
}
