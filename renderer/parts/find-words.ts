/** Letters without marks and case: `Schräg` is found by `schrag`. */
const plain = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/**
 * The choices that hold every one of the words, in any order: `cherry g` finds `cherry-green`. First those that begin
 * with the words as they stand, then those in which each word begins one of theirs, then the rest, each as they came.
 */
export function findWords(choices: readonly string[], words: string): string[] {
  const sought = plain(words).trim();
  const parts = sought.split(/\s+/).filter(Boolean);
  const ranked: string[][] = [[], [], []];
  for (const choice of choices) {
    const text = plain(choice);
    if (!parts.every((part) => text.includes(part))) continue;
    const begun = text.split(/[^\p{L}\p{N}]+/u);
    const begins = parts.every((part) => begun.some((word) => word.startsWith(part)));
    ranked[text.startsWith(sought) ? 0 : begins ? 1 : 2]!.push(choice);
  }
  return ranked.flat();
}
