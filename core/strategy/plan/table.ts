import { stringify } from 'csv-stringify/sync';
import type { PlanReport } from '../../../rpc/contract/plans.ts';
import { guarded } from '../../import/sources/csv-rows.ts';

const HEADER = [
  'class',
  'count',
  'vary',
  'real',
  'usable',
  'due',
  'yield',
  'yield low',
  'yield high',
  'yield of',
  'prompts to use',
  'prompts to avoid',
  'condition on',
];

/**
 * The plan as one table, CSV by RFC 4180, a class in each row. Prompts and images (paths in their batch) stand below each
 * other in their cell.
 */
export function planTable({ classes }: PlanReport): string {
  const rows = classes.map((row) => {
    const { kept, of, interval } = row.basis === 'audited' ? row.audited : row.decided;
    return [
      row.name,
      row.generate,
      row.vary ? 'yes' : 'no',
      row.real,
      row.usable,
      row.due,
      of === 0 ? null : kept / of,
      of === 0 ? null : interval[0],
      of === 0 ? null : interval[1],
      row.basis ?? '',
      row.prompts.use.join('\n'),
      row.prompts.avoid.join('\n'),
      row.conditionOn.map(({ path }) => path).join('\n'),
    ].map((cell) => (typeof cell === 'string' ? guarded(cell) : cell));
  });
  return stringify([HEADER, ...rows], { record_delimiter: '\r\n' });
}
