import { ROLE_WORDS, ROLES, type Role } from '../../../../rpc/contract/terms.ts';
import { axisNumber, integer } from '../../../parts/format.ts';
import { MiddleText } from '../../../parts/middle-text.tsx';
import { RoleMark } from '../grid/marks.tsx';
import type { Colouring } from './colours.ts';
import bits from '../../../parts/bits.module.css';
import classes from './map.module.css';

interface MapLegendProps {
  colouring: Colouring;
  isByRole: boolean;
  /** The most images in one dot of the density; null where points are drawn. */
  most: number | null;
  /** Which end of a score is suspect. */
  suspect: 'high' | 'low' | null;
}

/** What colours and shapes stand for; below the map, where it covers no point. */
export function MapLegend({ colouring: { legend, scale }, isByRole, most, suspect }: MapLegendProps) {
  const isDense = most !== null;
  return (
    <section className={classes.legend} aria-label="Legend" tabIndex={0}>
      {scale && (
        <div className={classes.scale} title="From the 1st to the 99th percentile of all images">
          {axisNumber(scale.low, [scale.low, scale.high])}
          <span
            className={classes.gradient}
            role="img"
            aria-label="to"
            style={{
              background: `linear-gradient(to right, ${scale.colours
                .filter((_, i) => i % 32 === 0 || i === scale.colours.length - 1)
                .map((rgb) => `rgb(${rgb.join()})`)
                .join()})`,
            }}
          />
          {axisNumber(scale.high, [scale.low, scale.high])}
          {suspect && <span className={bits.dimmed}>{suspect} is suspect</span>}
        </div>
      )}
      <ul>
        {legend.map(({ name, colour }, i) => (
          <li key={name} style={{ color: `rgb(${colour.join()})` }}>
            {isByRole && !isDense ? (
              <MapShape role={ROLES[i] ?? 'synthetic'} />
            ) : (
              <span className={classes.swatch} aria-hidden />
            )}
            <span className={classes.legendName}>
              <MiddleText text={name} />
            </span>
          </li>
        ))}
        {!isByRole &&
          !isDense &&
          ROLES.map((role) => (
            <li key={role}>
              <MapShape role={role} />
              <span className={classes.legendName}>{ROLE_WORDS[role].adjective}</span>
            </li>
          ))}
      </ul>
      {isDense && (
        <p title="By the logarithm; colours of different images mix">
          The fuller, the more images: up to {integer(most)} in a dot. Zoom in for points.
        </p>
      )}
    </section>
  );
}

function MapShape({ role }: { role: Role }) {
  return (
    <span className={classes.shape} aria-hidden>
      <RoleMark role={role} />
    </span>
  );
}
