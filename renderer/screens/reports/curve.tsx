import { figure } from '../../parts/format.ts';
import { placesOn } from './places.ts';
import classes from './reports.module.css';

/** One batch on a curve. */
export interface CurvePoint {
  name: string;
  value: number | null;
  /** Least and most of what real images give. */
  band: [number, number] | null;
  outside: boolean;
}

const [WIDTH, HEIGHT] = [300, 110];
const RADIUS = 3.5;

/** A measure from batch to batch, with the band of real images behind it. The table beneath the curves says the same. */
export function Curve({ title, points }: { title: string; points: readonly CurvePoint[] }) {
  const values = points.flatMap(({ value, band }) => [...(value === null ? [] : [value]), ...(band ?? [])]);
  const place = placesOn(values.length > 0 ? values : [0]);
  const step = WIDTH / points.length;
  const x = (i: number): number => (i + 0.5) * step;
  const y = (value: number): number => HEIGHT * (1 - place(value));
  const known = points.flatMap(({ value }, i) => (value === null ? [] : [{ i, value }]));
  return (
    <figure className={classes.curve}>
      <figcaption>
        {title} <b>{figure(known.at(-1)?.value)}</b>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`${title} from batch to batch`}>
        {points.map(
          ({ name, band }, i) =>
            band && (
              <rect
                key={name}
                className={classes.curveBand}
                x={i * step}
                width={step}
                y={y(band[1])}
                height={Math.max(1, y(band[0]) - y(band[1]))}
              />
            ),
        )}
        <polyline
          className={classes.curveLine}
          points={known.map(({ i, value }) => `${x(i)},${y(value)}`).join(' ')}
        />
        {known.map(({ i, value }) => (
          <circle
            key={points[i]!.name}
            className={classes.curvePoint}
            data-outside={points[i]!.outside}
            cx={x(i)}
            cy={y(value)}
            r={RADIUS}
          >
            <title>{`${points[i]!.name}: ${figure(value)}`}</title>
          </circle>
        ))}
      </svg>
    </figure>
  );
}
