import { useRef, useState, type PointerEvent } from 'react';
import type { ScoreHistogram } from '../../../../rpc/contract/images.ts';
import { axisNumber, decimal, integer } from '../../../parts/format.ts';
import {
  binOf,
  boundsBetween,
  boundsOfBin,
  endAfterKey,
  toShare,
  withEnd,
  type Bounds,
} from './brush-scale.ts';
import classes from './filters.module.css';
import { areaPath, linePath } from './histogram-paths.ts';

interface ScoreBrushProps {
  histogram: ScoreHistogram;
  title: string;
  bounds: Bounds;
  onChange: (bounds: Bounds) => void;
}

const CLICK_SHARE = 0.01;

/**
 * A histogram to brush: two outlines for the real and the synthetic images that the filter lets through, grey the whole
 * project, and the frame what is asked for. A drag asks for a range, a click for one bar.
 */
export function ScoreBrush({ histogram, title, bounds, onChange }: ScoreBrushProps) {
  const plot = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const bins = histogram.whole.length;
  const shown: Bounds = drag ? boundsBetween(histogram, drag.from, drag.to) : bounds;
  const low = shown[0] === null ? 0 : toShare(histogram, shown[0]);
  const high = shown[1] === null ? 1 : toShare(histogram, shown[1]);
  const shareAt = (event: PointerEvent) => {
    const box = plot.current?.getBoundingClientRect();
    return box && box.width > 0 ? (event.clientX - box.left) / box.width : 0;
  };
  const end = (which: 'low' | 'high') => {
    const value = which === 'low' ? (shown[0] ?? histogram.min) : (shown[1] ?? histogram.max);
    return (
      <div
        className={classes.end}
        style={{ left: `${100 * (which === 'low' ? low : high)}%` }}
        role="slider"
        tabIndex={0}
        aria-label={`${title}, ${which === 'low' ? 'lowest' : 'highest'}`}
        // In hundredths of the axis: a value such as 1e-7 would be no number to a screen reader.
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(100 * (which === 'low' ? low : high))}
        aria-valuetext={decimal(value)}
        onKeyDown={(event) => {
          const next = endAfterKey(histogram, bounds, which, event.key);
          if (next === undefined) return;
          event.preventDefault();
          event.stopPropagation();
          onChange(withEnd(bounds, which, next));
        }}
      />
    );
  };
  return (
    <div className={classes.brush}>
      <div
        ref={plot}
        className={classes.plot}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ from: shareAt(event), to: shareAt(event) });
        }}
        onPointerMove={(event) => {
          setHovered(binOf(shareAt(event), bins));
          if (drag) setDrag({ ...drag, to: shareAt(event) });
        }}
        onPointerUp={() => {
          if (!drag) return;
          const isClick = Math.abs(drag.to - drag.from) < CLICK_SHARE;
          onChange(
            isClick
              ? boundsOfBin(histogram, binOf(drag.from, bins), bins)
              : boundsBetween(histogram, drag.from, drag.to),
          );
          setDrag(null);
        }}
        onPointerCancel={() => setDrag(null)}
        onPointerLeave={() => setHovered(null)}
      >
        <svg
          viewBox={`0 0 ${bins} 100`}
          preserveAspectRatio="none"
          className={classes.bars}
          role="img"
          aria-label={`Histogram of ${title}, from ${decimal(histogram.min)} to ${decimal(histogram.max)}`}
        >
          <path className={classes.whole} d={areaPath(histogram.whole)} />
          <path className={classes.outline} data-role="real" d={linePath(histogram.real)} />
          <path className={classes.outline} data-role="synthetic" d={linePath(histogram.synthetic)} />
        </svg>
        <div
          className={classes.brushFrame}
          data-open={(low === 0 && high === 1) || undefined}
          style={{ left: `${100 * low}%`, right: `${100 * (1 - high)}%` }}
        />
        {end('low')}
        {end('high')}
      </div>
      <div className={classes.axis}>
        {hovered === null ? (
          <>
            <span>{axisNumber(histogram.min, [histogram.min, histogram.max])}</span>
            {histogram.missing > 0 && <span>{integer(histogram.missing)} without</span>}
            <span>{axisNumber(histogram.max, [histogram.min, histogram.max])}</span>
          </>
        ) : (
          <Bar histogram={histogram} bin={hovered} />
        )}
      </div>
    </div>
  );
}

/** What stands in the bar under the pointer. */
function Bar({ histogram, bin }: { histogram: ScoreHistogram; bin: number }) {
  const { min, max, whole, real, synthetic } = histogram;
  const from = min + (bin / whole.length) * (max - min);
  return (
    <>
      <span>from {axisNumber(from, [min, max])}</span>
      <span>
        {integer(real[bin] ?? 0)} real, {integer(synthetic[bin] ?? 0)} synthetic
      </span>
    </>
  );
}
