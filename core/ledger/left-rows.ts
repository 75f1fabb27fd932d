import type { LeftRow } from '../../db/queries/batches.ts';
import type { EventBodies } from './events.ts';

/** What a survey left behind, as rows; faulty records are one of them. */
export function leftRows({ left, skipped }: EventBodies['import.surveyed']): LeftRow[] {
  const rows = left.map((one) => ({ ...one, example: one.example ?? null }));
  return skipped > 0 ? [...rows, { kind: 'faulty', name: '', count: skipped, example: null }] : rows;
}
