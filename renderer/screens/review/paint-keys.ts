import type { ActionId } from '../../parts/keys.ts';
import type { Painter } from './painter.ts';
import { ZOOM_STEP } from './viewport.ts';

const PAN_PX = 60;

/** What a key does to the picture; false when it is none of these keys. */
export function paintKey(painter: Painter | null, action: ActionId): boolean {
  if (action === 'zoom-in') painter?.zoom(ZOOM_STEP);
  else if (action === 'zoom-out') painter?.zoom(1 / ZOOM_STEP);
  else if (action === 'actual-size') painter?.toggleActualSize();
  else if (action === 'pan-left') painter?.pan(PAN_PX, 0);
  else if (action === 'pan-right') painter?.pan(-PAN_PX, 0);
  else if (action === 'pan-up') painter?.pan(0, PAN_PX);
  else if (action === 'pan-down') painter?.pan(0, -PAN_PX);
  else return false;
  return true;
}
