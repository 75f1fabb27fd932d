import type { ReactNode } from 'react';
import { figure } from './format.ts';
import { placesOn } from './places.ts';
import classes from './curve.module.css';

/** One place on a curve. */
export interface CurvePoint {
  name: string;
  value: number | null;
  /** Least and most of what is expected there. */
  band: [number, number] | null;
  outside: boolean;
}

const [WIDTH, HEIGHT] = [300, 110];
const RADIUS = 3.5;

/** Curves side by side. */
export const Curves = ({ children }: { children: ReactNode }) => (
  <div className={classes.curves}>{children}</div>
);

interface CurveProps {
  title: string;
  /** What the points are, as in `from batch to batch`. */
  of: string;
  points: readonly CurvePoint[];
  /** A value in words. */
  say?: (value: number | null | undefined) => string;
}

/** A measure from point to point, with the band behind it. A table beside the curves says the same. */
export function Curve({ title, of, points, say = figure }: CurveProps) {
  const values = points.flatMap(({ value, band }) => [...(value === null ? [] : [value]), ...(band ?? [])]);
  const place = placesOn(values.length > 0 ? values : [0]);
  const step = WIDTH / points.length;
  const x = (i: number): number => (i + 0.5) * step;
  const y = (value: number): number => HEIGHT * (1 - place(value));
  const known = points.flatMap(({ value }, i) => (value === null ? [] : [{ i, value }]));
  return (
    <figure className={classes.curve}>
      <figcaption>
        {title} <b>{say(known.at(-1)?.value)}</b>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${title} from ${of} to ${of}`}>
        {points.map(
          ({ name, band }, i) =>
            band && (
              <rect
                key={name}
                className={classes.band}
                x={i * step}
                width={step}
                y={y(band[1])}
                height={Math.max(1, y(band[0]) - y(band[1]))}
              />
            ),
        )}
        <polyline
          className={classes.line}
          points={known.map(({ i, value }) => `${x(i)},${y(value)}`).join(' ')}
        />
        {known.map(({ i, value }) => (
          <circle
            key={points[i]!.name}
            className={classes.point}
            data-outside={points[i]!.outside}
            cx={x(i)}
            cy={y(value)}
            r={RADIUS}
          >
            <title>{`${points[i]!.name}: ${say(value)}`}</title>
          </circle>
        ))}
      </svg>
      {points.length > 1 && (
        <p className={classes.ends} aria-hidden="true">
          <span>{points[0]!.name}</span>
          <span>{points.at(-1)!.name}</span>
        </p>
      )}
    </figure>
  );
}
