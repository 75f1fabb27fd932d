import { figure } from '../format.ts';

/** What measures are about, in the order in which reports show them. */
export const MEASURE_GROUPS = {
  fidelity: { title: 'Fidelity', question: 'Does it look real?' },
  diversity: { title: 'Diversity', question: 'Does it show all that the real images show?' },
  copying: { title: 'Copying', question: 'Does it repeat real images?' },
} as const;
export type MeasureGroup = keyof typeof MEASURE_GROUPS;

/** Which side is worse. */
export type Worse = 'high' | 'low' | 'both';

interface Banded {
  worse: Worse;
  /** 2.5th, 50th and 97.5th percentile of real against real. */
  band: readonly [number, number, number] | null;
}

/**
 * The values that are as good as real images, from and to: open on the better side, since nobody minds more than real
 * images give. Null without a band. Whatever marks, draws or says what lies outside takes it from here.
 */
export function soundRange({ worse, band }: Banded): { from: number | null; to: number | null } | null {
  if (band === null) return null;
  return { from: worse === 'high' ? null : band[0], to: worse === 'low' ? null : band[2] };
}

/** Whether a value is worse than real images give. */
export function isOutside(value: number | null, banded: Banded): boolean {
  const range = soundRange(banded);
  if (value === null || range === null) return false;
  return (range.from !== null && value < range.from) || (range.to !== null && value > range.to);
}

/** How many of some measures can be judged, and how many of these lie outside: the one count of them. */
export function tallyOutside(measures: readonly { band: unknown; outside: boolean }[]): {
  outside: number;
  of: number;
} {
  const judged = measures.filter(({ band }) => band !== null);
  return { outside: judged.filter(({ outside }) => outside).length, of: judged.length };
}

/** `3 of 8`; a dash where nothing can be judged. */
export function tallyWords(measures: Parameters<typeof tallyOutside>[0]): string {
  const { outside, of } = tallyOutside(measures);
  return of === 0 ? '–' : `${outside} of ${of}`;
}

/** `at least 0.61`, `at most 0.02`, `0.8 to 1.2`; null without a band. */
export function rangeWords(banded: Banded): string | null {
  const range = soundRange(banded);
  if (range === null) return null;
  if (range.to === null) return `at least ${figure(range.from)}`;
  if (range.from === null) return `at most ${figure(range.to)}`;
  return `${figure(range.from)} to ${figure(range.to)}`;
}
