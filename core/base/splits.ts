/** What training code does with a split. */
export type Part = 'train' | 'val' | 'test';

/** Names of splits and what each is for; null where the name leaves it open. */
const SPLITS = new Map<string, Part | null>([
  ['train', 'train'],
  ['training', 'train'],
  ['val', 'val'],
  ['valid', 'val'],
  ['validation', 'val'],
  ['dev', 'val'],
  ['eval', null],
  ['test', 'test'],
  ['testing', 'test'],
  ['holdout', 'test'],
]);

/** A name without the year behind it (`val2017`), and without the number that tells hold-outs apart (`holdout_2`). */
function wordOf(name: string): string {
  return name.toLowerCase().replace(/(?:[-_ ]?(?:19|20)\d\d|(?<=^holdout)_\d+)$/, '');
}

/** Whether a folder of this name usually holds a split rather than a class. */
export function isSplitName(name: string): boolean {
  return SPLITS.has(wordOf(name));
}

/** What a split is for; undefined if its name does not say so. Images without a split are trained on. */
export function partOf(split: string | null): Part | undefined {
  return split === null ? 'train' : (SPLITS.get(wordOf(split)) ?? undefined);
}
