interface HistogramProps {
  counts: readonly number[];
  /** What it shows, for those who do not see it. */
  label: string;
  width: number;
  height: number;
}

/**
 * Counts over equal bins, as bars from the ground up. Heights follow the square root: the few suspects at the far end,
 * which it is about, would be invisible beside the many.
 */
export function Histogram({ counts, label, width, height }: HistogramProps) {
  const most = Math.max(1, ...counts);
  const step = width / Math.max(1, counts.length);
  const path = counts
    .map((count, i) => {
      const tall = count === 0 ? 0 : Math.max(1, height * Math.sqrt(count / most));
      return tall === 0 ? '' : `M${i * step} ${height}v${-tall}h${Math.max(1, step - 1)}v${tall}z`;
    })
    .join('');
  return (
    <svg style={{ display: 'block' }} width={width} height={height} role="img" aria-label={label}>
      <path d={`M0 ${height - 0.5}h${width}`} stroke="var(--assay-line)" />
      <path d={path} fill="var(--assay-bar)" />
    </svg>
  );
}
