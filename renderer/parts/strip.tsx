import type { Strip as StripData } from '../../rpc/contract/reasons.ts';
import classes from './strip.module.css';

const WIDTH = 260;
const HEIGHT = 24;
const GROUND = 20;

/**
 * All images by one score, and where this one lies among them; dashed, where an image is flagged from. Heights follow the
 * square root: the few at the far end would be invisible beside the many.
 */
export function Strip({ strip: { counts, at, threshold }, label }: { strip: StripData; label: string }) {
  const step = WIDTH / counts.length;
  const bars = counts
    .map((count, i) =>
      count === 0
        ? ''
        : `M${i * step} ${GROUND}v${-GROUND * Math.sqrt(count / 100)}h${step - 0.5}V${GROUND}z`,
    )
    .join('');
  const x = 1 + at * (WIDTH - 2);
  return (
    <svg className={classes.strip} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <path className={classes.bars} d={bars} />
      <path className={classes.ground} d={`M0 ${GROUND}h${WIDTH}`} />
      {threshold !== null && (
        <path className={classes.threshold} d={`M${threshold * WIDTH} 0V${GROUND}`}>
          <title>Flagged from here</title>
        </path>
      )}
      <path className={classes.mark} d={`M${x} ${GROUND - 18}V${GROUND}l-4 4h8l-4 -4`} />
    </svg>
  );
}
