/** Room left above the highest bar, of 100. */
const TOP = 6;
const LEAST_HEIGHT = 4;

/**
 * Heights of bars, 0..100: the share of all the images that lies in a bin, beside the largest such share, by its square
 * root, since the few at a far end would be invisible beside the many. A bin with one image in a million is still seen.
 */
export function heights(counts: readonly number[]): number[] {
  const most = Math.max(...counts, 1);
  return counts.map((count) =>
    count === 0 ? 0 : Math.max((100 - TOP) * Math.sqrt(count / most), LEAST_HEIGHT),
  );
}

/** Bars that touch, in a box as wide as there are bins and 100 high. */
export function areaPath(counts: readonly number[]): string {
  return `M0 100${heights(counts)
    .map((height, i) => `V${round(100 - height)}H${i + 1}`)
    .join('')}V100Z`;
}

/** The upper edge of the same; nothing where there is no image at all. */
export function linePath(counts: readonly number[]): string {
  if (!counts.some((count) => count > 0)) return '';
  return `M0 ${heights(counts)
    .map((height, i) => (i === 0 ? `${round(100 - height)}H1` : `V${round(100 - height)}H${i + 1}`))
    .join('')}`;
}

const round = (value: number): number => Number(value.toFixed(1));
