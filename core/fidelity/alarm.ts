import type { BatchReport, Measured } from '../../rpc/contract/reports.ts';
import { listed, uncapitalised } from '../../rpc/format.ts';

/**
 * Two of these outside their bands, twice in a row, are an alarm: the ones that move first (docs/methods/fidelity.md).
 * Entropy alone also falls where near-copies merely accumulate, which is harmless: hence two.
 */
const ALARMING = ['recall', 'coverage', 'rare-mass', 'entropy', 'authenticity', 'copying'];

/** An alarm where two alarming measures lie outside their bands both here and in the batch before. */
export function alarmOf(now: readonly Measured[], before: readonly Measured[] | null): BatchReport['alarm'] {
  const here = outside(now);
  if (!before)
    return {
      raised: false,
      measures: here.map(({ id }) => id),
      text: `No alarm from one batch alone${here.length > 0 ? `; watch ${namesOf(here)}` : ''}.`,
    };
  const earlier = new Set(outside(before).map(({ id }) => id));
  const both = here.filter(({ id }) => earlier.has(id));
  return both.length >= 2
    ? {
        raised: true,
        measures: both.map(({ id }) => id),
        text: `Alarm: ${namesOf(both)} are outside what real images give, in this batch and in the one before it.`,
      }
    : {
        raised: false,
        measures: both.map(({ id }) => id),
        text: 'No alarm: fewer than two measures were outside their band in two batches running.',
      };
}

function outside(measures: readonly Measured[]): Measured[] {
  return measures.filter(({ id, outside: isOutside }) => isOutside && ALARMING.includes(id));
}

const namesOf = (measures: Measured[]): string => listed(measures.map(({ title }) => uncapitalised(title)));
