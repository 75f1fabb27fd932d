import { useRef, useState, type PointerEvent } from 'react';
import type { ScoreHistogram } from '../../../../rpc/contract/images.ts';
import { decimal, integer } from '../../../parts/format.ts';
import { boundsBetween, endAfterKey, toShare, withEnd, type Bounds } from './brush-scale.ts';
import classes from './filters.module.css';

interface ScoreBrushProps {
  histogram: ScoreHistogram;
  title: string;
  bounds: Bounds;
  onChange: (bounds: Bounds) => void;
}

const CLICK_SHARE = 0.01;

/** A histogram to brush: grey is the whole project, accent what the filter lets through, the frame what is asked for. */
export function ScoreBrush({ histogram, title, bounds, onChange }: ScoreBrushProps) {
  const plot = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const highest = Math.max(...histogram.counts, 1);
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
        aria-valuemin={histogram.min}
        aria-valuemax={histogram.max}
        aria-valuenow={value}
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
        onPointerMove={(event) => drag && setDrag({ ...drag, to: shareAt(event) })}
        onPointerUp={() => {
          if (!drag) return;
          // A click is no range: it takes the bounds away.
          const isClick = Math.abs(drag.to - drag.from) < CLICK_SHARE;
          onChange(isClick ? [null, null] : boundsBetween(histogram, drag.from, drag.to));
          setDrag(null);
        }}
        onPointerCancel={() => setDrag(null)}
      >
        <svg
          viewBox={`0 0 ${histogram.counts.length} 100`}
          preserveAspectRatio="none"
          className={classes.bars}
          role="img"
          aria-label={`Histogram of ${title}, from ${decimal(histogram.min)} to ${decimal(histogram.max)}`}
        >
          <Bars counts={histogram.counts} highest={highest} className={classes.whole} />
          <Bars counts={histogram.filtered} highest={highest} className={classes.filtered} />
        </svg>
        <div
          className={classes.brushFrame}
          style={{ left: `${100 * low}%`, right: `${100 * (1 - high)}%` }}
        />
        {end('low')}
        {end('high')}
      </div>
      <div className={classes.axis}>
        <span>{decimal(histogram.min)}</span>
        {histogram.missing > 0 && <span>{integer(histogram.missing)} without</span>}
        <span>{decimal(histogram.max)}</span>
      </div>
    </div>
  );
}

interface BarsProps {
  counts: readonly number[];
  highest: number;
  className: string | undefined;
}

const LEAST_HEIGHT = 4;

/** One path for all bars. A bin with one image in a million is still seen. */
function Bars({ counts, highest, className }: BarsProps) {
  const path = counts
    .map((count, i) => {
      if (count === 0) return '';
      const height = Math.max((100 * count) / highest, LEAST_HEIGHT);
      return `M${i} 100V${100 - height}H${i + 0.92}V100Z`;
    })
    .join('');
  return <path d={path} className={className} />;
}
