export const MIN_THUMB_PX = 64;
export const MAX_THUMB_PX = 320;
export const THUMB_STEP_PX = 16;
const DEFAULT_THUMB_PX = 144;

/** A size that the slider has, from whatever the settings hold. */
export function thumbSize(kept: unknown): number {
  const px = typeof kept === 'number' && Number.isFinite(kept) ? kept : DEFAULT_THUMB_PX;
  const stepped = Math.round(px / THUMB_STEP_PX) * THUMB_STEP_PX;
  return Math.min(Math.max(stepped, MIN_THUMB_PX), MAX_THUMB_PX);
}
