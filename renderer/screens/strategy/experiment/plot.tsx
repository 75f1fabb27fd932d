import type { Plot } from '../../../../rpc/contract/experiment-plots.ts';
import classes from './experiment.module.css';

const RADIUS = 4;

/** A plot as rpc/contract/experiment-plots.ts lays it out. The table beneath says the same. */
export function PlotFigure({ plot }: { plot: Plot }) {
  const { title, width, height, box, band, series, line, xTitle, yTitle } = plot;
  const middle = (box.top + box.bottom) / 2;
  return (
    <figure className={classes.plot}>
      <figcaption>{title}</figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${title}: ${yTitle} by ${xTitle}`}>
        {band && (
          <rect
            className={classes.band}
            x={box.left}
            width={box.right - box.left}
            y={band.from}
            height={band.to - band.from}
          />
        )}
        <path className={classes.axis} d={`M${box.left} ${box.top}V${box.bottom}H${box.right}`} />
        {plot.xTicks.map(({ at, text }) => (
          <text key={text} x={at} y={box.bottom + 15} textAnchor="middle">
            {text}
          </text>
        ))}
        {plot.yTicks.map(({ at, text }) => (
          <text key={text} x={box.left - 6} y={at + 4} textAnchor="end">
            {text}
          </text>
        ))}
        <text x={(box.left + box.right) / 2} y={height - 8} textAnchor="middle">
          {xTitle}
        </text>
        <text transform={`translate(12 ${middle}) rotate(-90)`} textAnchor="middle">
          {yTitle}
        </text>
        {line !== '' && <polyline className={classes.line} points={line} />}
        {series.map(({ name, isSecond, points }) => (
          <g key={name} className={classes.series} data-second={isSecond}>
            {points.map(({ x, y, ends, words }) => (
              <g key={words}>
                <title>{words}</title>
                {ends && <line x1={x} x2={x} y1={ends[0]} y2={ends[1]} />}
                <circle cx={x} cy={y} r={RADIUS} />
              </g>
            ))}
          </g>
        ))}
      </svg>
      <div className={classes.legend}>
        {series.map(({ name, isSecond }) => (
          <span key={name}>
            <span className={classes.dot} data-second={isSecond} /> {name}
          </span>
        ))}
        {band && (
          <span>
            <span className={classes.swatch} /> within the margin
          </span>
        )}
      </div>
    </figure>
  );
}
