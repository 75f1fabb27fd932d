import { percent } from '../../parts/format.ts';
import classes from './labels.module.css';

interface NoiseBarProps {
  noise: number | null;
  interval: [number, number] | null;
  /** The share that the full width stands for; what reaches farther is cut. */
  scale: number;
}

const width = (share: number, scale: number): string => `${100 * Math.min(1, share / scale)}%`;

/** A share as a bar with its interval as a line over it, and in words. */
export function NoiseBar({ noise, interval, scale }: NoiseBarProps) {
  if (noise === null || interval === null)
    return <span className={classes.unknown}>No image is counted confidently</span>;
  const [low, high] = interval;
  return (
    <span className={classes.noise}>
      <span className={classes.track} aria-hidden>
        <span className={classes.fill} style={{ width: width(noise, scale) }} />
        <span
          className={classes.whisker}
          data-cut={high > scale}
          style={{ left: width(low, scale), right: `${100 - 100 * Math.min(1, high / scale)}%` }}
        />
      </span>
      <b>{percent(noise)}</b>
      <span className={classes.interval}>
        {percent(low)} to {percent(high)}
      </span>
    </span>
  );
}
