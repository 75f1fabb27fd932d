import type { StandingRow } from '../../db/queries/decisions.ts';
import { quantileSorted } from '../base/numeric/percentile.ts';

/** Median time per entry in milliseconds, idle time left out; null where none was timed. */
export function medianMs(entries: readonly StandingRow[]): number | null {
  const times = entries.flatMap(({ durationMs }) => (durationMs === null ? [] : [durationMs]));
  return times.length === 0 ? null : quantileSorted(Float64Array.from(times).sort(), 0.5);
}
