import { between, money } from '../../../../rpc/contract/cost-words.ts';
import { COST_WAYS, COST_WAY_IDS, type CostReport, type CostWayId } from '../../../../rpc/contract/costs.ts';
import { compact, integer } from '../../../parts/format.ts';
import page from '../../../parts/page.module.css';
import { figures, TableHead } from '../../../parts/table-head.tsx';
import classes from './cost.module.css';

type Curve = CostReport['curve'];

const [WIDTH, HEIGHT] = [820, 300];
const [LEFT, BOTTOM, TOP, RIGHT] = [56, 28, 10, 12];
/** Points of a line between two volumes of the curve: totals grow evenly, which on these axes is no straight line. */
const STEPS = 8;

/** What each way costs against the volume, on logarithmic axes, with the volume asked about and where the ways cross. */
export function VolumeCurve({ report: { curve, images, breakEven, currency } }: { report: CostReport }) {
  const totals = curve.flatMap((point) => COST_WAY_IDS.map((way) => point[way].middle));
  const most = Math.max(1, ...totals);
  // Ways that cost nothing at first begin at the ground.
  const least = Math.max(most / 1e6, Math.min(...totals.filter((total) => total > 0), most));
  const [from, to] = [curve[0]!.images, curve.at(-1)!.images];
  const x = along(from, to, LEFT, WIDTH - RIGHT);
  const y = along(least, most, HEIGHT - BOTTOM, TOP);
  const crossing =
    breakEven.images === null || breakEven.images < from || breakEven.images > to ? null : breakEven.images;
  const [low, high] = breakEven.interval;
  return (
    <figure className={classes.curve}>
      <figcaption className={classes.legend}>
        {COST_WAY_IDS.map((way) => (
          <span key={way}>
            <svg width={28} height={10} aria-hidden>
              <path className={classes.line} data-way={way} d="M1 5h26" />
            </svg>
            {COST_WAYS[way].title}
          </span>
        ))}
        <span>Total in {currency}, in the middle of the ranges, against generated images</span>
      </figcaption>
      <svg
        className={classes.chart}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`Total of each way from ${integer(from)} to ${integer(to)} generated images; the table below has the figures.`}
      >
        {low !== null && low < to && (
          <rect
            className={classes.band}
            x={x(low)}
            y={TOP}
            width={Math.max(1, x(high ?? to) - x(low))}
            height={HEIGHT - BOTTOM - TOP}
          >
            <title>95 % of the draws cross here</title>
          </rect>
        )}
        {tens(from, to).map((volume) => (
          <g key={volume}>
            <path className={classes.grid} d={`M${x(volume)} ${TOP}V${HEIGHT - BOTTOM}`} />
            <text className={classes.tick} x={x(volume)} y={HEIGHT - BOTTOM + 16} textAnchor="middle">
              {compact(volume)}
            </text>
          </g>
        ))}
        {tens(least, most).map((total) => (
          <g key={total}>
            <path className={classes.grid} d={`M${LEFT} ${y(total)}H${WIDTH - RIGHT}`} />
            <text className={classes.tick} x={LEFT - 6} y={y(total) + 4} textAnchor="end">
              {compact(total)}
            </text>
          </g>
        ))}
        {COST_WAY_IDS.map((way) => (
          <polyline
            key={way}
            className={classes.line}
            data-way={way}
            points={pointsOf(curve, way)
              .map(([volume, total]) => `${x(volume).toFixed(1)},${y(total).toFixed(1)}`)
              .join(' ')}
          />
        ))}
        <Mark at={x(images.count)} name={images.origin === 'asked' ? 'asked' : 'this project'} isLow />
        {crossing !== null && <Mark at={x(crossing)} name={`pays from ${compact(crossing)}`} />}
      </svg>
      <details className={page.hint}>
        <summary>As a table</summary>
        <div className={page.wide}>
          <table className={page.table}>
            <TableHead
              columns={[
                figures('Generated images'),
                ...COST_WAY_IDS.map((way) => figures(COST_WAYS[way].title)),
              ]}
            />
            <tbody>
              {curve.map((point) => (
                <tr key={point.images}>
                  <td className={page.number}>{integer(point.images)}</td>
                  {COST_WAY_IDS.map((way) => (
                    <td key={way} className={page.number}>
                      {money(point[way].middle)} ({between(point[way])})
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </figure>
  );
}

/** A volume that is looked at, with its name beside the line. */
function Mark({ at, name, isLow = false }: { at: number; name: string; isLow?: boolean }) {
  const isRight = at > WIDTH - 150;
  return (
    <g>
      <path className={classes.mark} data-low={isLow} d={`M${at} ${TOP}V${HEIGHT - BOTTOM}`} />
      <text
        className={classes.markName}
        x={at + (isRight ? -5 : 5)}
        y={isLow ? HEIGHT - BOTTOM - 6 : TOP + 12}
        textAnchor={isRight ? 'end' : 'start'}
      >
        {name}
      </text>
    </g>
  );
}

/** Where a value lies between two places, by its logarithm; values beyond the ends lie at them. */
function along(from: number, to: number, start: number, end: number): (value: number) => number {
  const span = Math.log(to / from) || 1;
  return (value) =>
    start +
    (end - start) * Math.min(1, Math.max(0, Math.log(Math.max(value, Number.MIN_VALUE) / from) / span));
}

/** The powers of ten between two values. */
function tens(from: number, to: number): number[] {
  const first = Math.ceil(Math.log10(from) - 1e-9);
  const count = Math.floor(Math.log10(to) + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => 10 ** (first + i));
}

/** Volumes with the total of a way: those of the curve, and between them, where a total grows in proportion. */
function pointsOf(curve: Curve, way: CostWayId): [volume: number, total: number][] {
  return curve.flatMap((point, i) => {
    const next = curve[i + 1];
    const [here, total] = [point.images, point[way].middle];
    if (!next) return [[here, total]];
    return Array.from({ length: STEPS }, (_, step): [number, number] => {
      const part = step / STEPS;
      return [here + part * (next.images - here), total + part * (next[way].middle - total)];
    });
  });
}
