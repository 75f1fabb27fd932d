import { integer, percent } from '../format.ts';

/**
 * What came of putting faults into copies of the project's own images: shares, 0..1, of the spoilt copies that the first
 * tenth of a ranking would hold.
 */
export interface Rehearsal {
  copies: number;
  /** By the chance of damage. */
  found: number;
  /** The same by kind of fault. */
  families: Record<string, number>;
  /** By each score alone. */
  scores: Record<string, number>;
}

const KINDS: Record<string, string> = {
  blur: 'blurred',
  dark: 'dark',
  noise: 'noisy',
  'jpeg-blocks': 'badly stored',
  torn: 'torn',
  'extra-parts': 'parts twice',
  'foreign-part': 'foreign part',
  text: 'lettering',
};

/** What it found, for people: the kinds that are found best first. */
export function sentenceOfRehearsal({ copies, found, families, scores }: Rehearsal): string {
  const kinds = Object.entries(families)
    .toSorted(([, a], [, b]) => b - a)
    .map(([family, share]) => `${KINDS[family] ?? family} ${percent(share, 0)}`);
  const alone = Math.max(0, ...Object.values(scores));
  return `Of ${integer(copies)} copies damaged on purpose, the first tenth of the ranking holds ${percent(found, 0)} (the best score alone ${percent(alone, 0)}): ${kinds.join(', ')}.`;
}
