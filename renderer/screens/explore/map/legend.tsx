import type { Role } from '../../../../rpc/contract/terms.ts';
import { RoleMark } from '../grid/marks.tsx';
import type { LegendEntry } from './colours.ts';
import classes from './map.module.css';

const SHAPES: { role: Role; name: string }[] = [
  { role: 'synthetic', name: 'synthetic' },
  { role: 'real', name: 'real' },
  { role: 'holdout', name: 'hold-out' },
];
const ROLES: Role[] = ['real', 'holdout', 'synthetic'];

/** What colours and shapes stand for. */
export function Legend({ entries, isByRole }: { entries: readonly LegendEntry[]; isByRole: boolean }) {
  return (
    <details className={classes.legend} open>
      <summary>Legend</summary>
      <ul>
        {entries.map(({ name, colour }, i) => (
          <li key={name} style={{ color: `rgb(${colour.join()})` }}>
            {isByRole ? (
              <MapShape role={ROLES[i] ?? 'synthetic'} />
            ) : (
              <span className={classes.swatch} aria-hidden />
            )}
            <span className={classes.legendName}>{name}</span>
          </li>
        ))}
        {!isByRole &&
          SHAPES.map(({ role, name }) => (
            <li key={role}>
              <MapShape role={role} />
              <span className={classes.legendName}>{name}</span>
            </li>
          ))}
      </ul>
    </details>
  );
}

function MapShape({ role }: { role: Role }) {
  return (
    <span className={classes.shape} aria-hidden>
      <RoleMark role={role} />
    </span>
  );
}
