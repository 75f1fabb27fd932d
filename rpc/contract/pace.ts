/** A shorter look is a key that bounced or was held; a longer one is a break. Per image, in milliseconds. */
const ALONE_MS = [300, 120_000] as const;
/** Of many images at a glance people find the odd one at 20 to 50 ms for each. */
const IN_GRID_MS = [40, 120_000] as const;

/**
 * Whether somebody can have looked at an image and answered in this time. A pace is of such answers alone.
 *
 * @param durationMs for this image; in a grid its share of the time for the whole grid
 * @param grid how many images were on the screen at once; null for one alone
 */
export function isPlausiblePace(durationMs: number, grid: number | null): boolean {
  const [least, most] = grid === null ? ALONE_MS : IN_GRID_MS;
  return durationMs >= least && durationMs <= most;
}
