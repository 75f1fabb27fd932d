/** What training code does with a split. */
export type Part = 'train' | 'val' | 'test';

const PARTS = new Map<string, Part>([
  ['train', 'train'],
  ['training', 'train'],
  ['val', 'val'],
  ['valid', 'val'],
  ['validation', 'val'],
  ['dev', 'val'],
  ['test', 'test'],
  ['testing', 'test'],
]);

/** What a split is for; undefined if its name does not say so. Images without a split are trained on. */
export function partOf(split: string | null): Part | undefined {
  return split === null ? 'train' : PARTS.get(split.toLowerCase());
}
