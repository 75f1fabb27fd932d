/** Where values of a score lie along an axis of 0..1, and how they are asked for by hand. */
interface BrushScale {
  min: number;
  max: number;
}

export const toShare = ({ min, max }: BrushScale, value: number): number =>
  max === min ? 0 : Math.min(Math.max((value - min) / (max - min), 0), 1);

/** The value at a place of the axis, with no more digits than a pixel can mean. */
export function toValue({ min, max }: BrushScale, share: number): number {
  if (max === min) return min;
  const value = min + Math.min(Math.max(share, 0), 1) * (max - min);
  const step = 10 ** Math.floor(Math.log10((max - min) / 500));
  const per = Math.round(1 / step);
  return per >= 1 ? Math.round(value * per) / per : Math.round(value / step) * step;
}

export type Bounds = [low: number | null, high: number | null];

/** Bounds between two places of the axis, whichever came first; an end that is reached is left open. */
export function boundsBetween(scale: BrushScale, a: number, b: number): Bounds {
  const [from, to] = a < b ? [a, b] : [b, a];
  return [from <= 0 ? null : toValue(scale, from), to >= 1 ? null : toValue(scale, to)];
}

/** Bounds with one end at a value; an end that would pass the other pushes it along. */
export function withEnd(bounds: Bounds, end: 'low' | 'high', value: number | null): Bounds {
  const [low, high] = bounds;
  if (end === 'low') return [value, high !== null && value !== null && high < value ? value : high];
  return [low !== null && value !== null && low > value ? value : low, value];
}

const STEPS = 100;
const STEPS_PER_PAGE = 10;

/** Where a key takes one end of the brush; undefined for a key that is not for it. */
export function endAfterKey(
  scale: BrushScale,
  bounds: Bounds,
  end: 'low' | 'high',
  key: string,
): number | null | undefined {
  const at = toShare(
    scale,
    (end === 'low' ? bounds[0] : bounds[1]) ?? (end === 'low' ? scale.min : scale.max),
  );
  const steps: Record<string, number> = {
    ArrowLeft: -1,
    ArrowDown: -1,
    ArrowRight: 1,
    ArrowUp: 1,
    PageDown: -STEPS_PER_PAGE,
    PageUp: STEPS_PER_PAGE,
    Home: -STEPS,
    End: STEPS,
  };
  const by = steps[key];
  if (by === undefined) return undefined;
  const share = at + by / STEPS;
  if (end === 'low' && share <= 0) return null;
  if (end === 'high' && share >= 1) return null;
  return toValue(scale, share);
}

/** Which of so many equal bins lies at a place of the axis. */
export const binOf = (share: number, bins: number): number =>
  Math.min(Math.max(Math.floor(share * bins), 0), bins - 1);

/** Bounds of one bin, not rounded, so that exactly its images are found; an end of the axis is left open. */
export function boundsOfBin({ min, max }: BrushScale, bin: number, bins: number): Bounds {
  const at = (edge: number) => min + (edge / bins) * (max - min);
  return [bin === 0 ? null : at(bin), bin === bins - 1 ? null : at(bin + 1)];
}
