import type { ImageFilter } from '../../../../rpc/contract/images.ts';
import {
  CERTAINTY_WORDS,
  decisionTitle,
  FINDING_WORDS,
  ROLE_WORDS,
  STRATUM_WORDS,
} from '../../../../rpc/contract/terms.ts';
import { tidy } from '../search.ts';

/** One part of a filter that is in force: what it says, and the filter without it. */
interface Chip {
  key: string;
  group: string;
  text: string;
  without: ImageFilter;
}

/** The parts of a filter that list what they let through. */
export type ListedField =
  | 'batches'
  | 'roles'
  | 'labels'
  | 'predicted'
  | 'strata'
  | 'flags'
  | 'certainties'
  | 'decisions'
  | 'reviewers'
  | 'tags';
export type ListedValue<K extends ListedField> = NonNullable<ImageFilter[K]>[number];

const NO_LABEL_WORDS = 'no label';

/** A chip for every choice in a filter, in the order of the panel. `scoreName` turns a score's id into its title. */
export function chipsOf(filter: ImageFilter, scoreName: (id: string) => string): Chip[] {
  const chips: Chip[] = [];
  const list = <K extends ListedField>(name: K, group: string, words: (value: ListedValue<K>) => string) => {
    const values = (filter[name] ?? []) as ListedValue<K>[];
    for (const value of values)
      chips.push({
        key: `${name}:${String(value)}`,
        group,
        text: words(value),
        without: tidy({ ...filter, [name]: values.filter((other) => other !== value) }),
      });
  };
  list('batches', 'Batch', String);
  list('roles', 'Role', (role) => ROLE_WORDS[role].title);
  list('labels', 'Label', (label) => label ?? NO_LABEL_WORDS);
  list('predicted', 'Predicted', String);
  list('strata', 'Queued as', (stratum) => STRATUM_WORDS[stratum].title);
  list('flags', 'Found', (rule) => FINDING_WORDS[rule].title);
  list('certainties', 'How sure', (certainty) => CERTAINTY_WORDS[certainty].title);
  list('decisions', 'Decision', decisionTitle);
  list('reviewers', 'Reviewer', String);
  list('tags', 'Tag', String);
  const { prompt, scores, groupOf, lasso, ...others } = filter;
  const rest = { ...others, ...(scores && { scores }) };
  const single = {
    ...(prompt !== undefined && { prompt }),
    ...(groupOf && { groupOf }),
    ...(lasso && { lasso }),
  };
  const except = (name: keyof typeof single): ImageFilter =>
    tidy({ ...rest, ...Object.fromEntries(Object.entries(single).filter(([key]) => key !== name)) });
  for (const [id, [low, high]] of Object.entries(scores ?? {}))
    chips.push({
      key: `scores:${id}`,
      group: scoreName(id),
      text: rangeWords(low, high),
      without: tidy({
        ...filter,
        scores: Object.fromEntries(Object.entries(scores ?? {}).filter(([other]) => other !== id)),
      }),
    });
  if (prompt?.trim())
    chips.push({ key: 'prompt', group: 'Prompt', text: `“${prompt.trim()}”`, without: except('prompt') });
  if (groupOf)
    chips.push({
      key: 'groupOf',
      group: 'Duplicates of',
      text: groupOf.slice(0, 8),
      without: except('groupOf'),
    });
  if (lasso)
    chips.push({
      key: 'lasso',
      group: 'Lasso',
      text: lasso.layout === 'pca' ? 'on the PCA map' : 'on the UMAP map',
      without: except('lasso'),
    });
  return chips;
}

/** An interval in words; an open end is left out. */
export function rangeWords(low: number | null, high: number | null): string {
  if (low !== null && high !== null) return `${valueWords(low)} to ${valueWords(high)}`;
  if (low !== null) return `from ${valueWords(low)}`;
  return high === null ? 'any' : `up to ${valueWords(high)}`;
}

/** A score's value with as many digits as tell values apart. */
export function valueWords(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 3;
  const shown = value.toFixed(digits);
  return Number(shown) === 0 ? value.toPrecision(1) : shown;
}

/** The list with a value put in, or taken out where it was in. */
export function toggled<T>(list: readonly T[] | undefined, value: T): T[] {
  const held = list ?? [];
  return held.includes(value) ? held.filter((other) => other !== value) : [...held, value];
}
