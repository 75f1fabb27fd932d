import type { FlagRow } from '../../../db/queries/scores.ts';
import type { Rule } from '../../../rpc/contract/terms.ts';
import type { Copies, Match } from './same-pictures.ts';
import type { Taught } from './taught.ts';

/** The closest copy of each image; among equals the one that came first. What a person refused comes last. */
export function closest(
  matches: Match[],
  isRefused: (match: Match) => boolean = () => false,
): Map<number, Match> {
  const best = new Map<number, Match>();
  for (const match of matches) {
    const known = best.get(match.id);
    const order = known
      ? Number(isRefused(known)) - Number(isRefused(match)) ||
        match.similarity - known.similarity ||
        known.other - match.other
      : 1;
    if (order > 0) best.set(match.id, match);
  }
  return best;
}

/**
 * The flags that follow: one per image and rule. What is not sure is one possible copy, of the hold-out before the seed,
 * unless the image is surely a copy anyway. Among synthetic images the first of a group is kept and the later ones point
 * at it; a later image joins the first kept image that it is a copy of, so that groups do not chain.
 */
export function flagsOf(copies: Copies, taught: Taught): FlagRow[] {
  const flags: FlagRow[] = [];
  const isRefused = (match: Match): boolean => taught.isRefused(match);
  const flag = (rule: Rule, { id, other, certainty, similarity, alteration }: Match): void =>
    void flags.push({ imageId: id, rule, otherImageId: other, certainty, similarity, alteration });
  const isSure = (match: Match): boolean => taught.isSure(match);
  const sides = (['holdout-leak', 'seed-copy'] as const).map((rule) => ({ rule, found: copies.get(rule)! }));
  const known = new Set<number>();
  for (const { rule, found } of sides)
    for (const match of closest(found.filter(isSure), isRefused).values()) {
      flag(rule, match);
      if (!isRefused(match)) known.add(match.id);
    }
  const possible = sides.flatMap(({ found }) => [
    ...closest(
      found.filter((match) => !isSure(match)),
      isRefused,
    ).values(),
  ]);
  for (const match of [...possible.filter((each) => !isRefused(each)), ...possible.filter(isRefused)]) {
    if (known.has(match.id)) continue;
    known.add(match.id);
    flag('possible-copy', match);
  }
  const pairs = copies.get('near-duplicate')!.map((match) => ({
    ...match,
    first: Math.min(match.id, match.other),
    later: Math.max(match.id, match.other),
  }));
  pairs.sort(
    (x, y) =>
      x.later - y.later ||
      Number(taught.isRefused({ id: x.later, other: x.first })) -
        Number(taught.isRefused({ id: y.later, other: y.first })) ||
      y.similarity - x.similarity ||
      x.first - y.first,
  );
  const members = new Set<number>();
  for (const { first, later, certainty, similarity } of pairs) {
    if (members.has(later) || members.has(first)) continue;
    members.add(later);
    flags.push({
      imageId: later,
      rule: similarity === 1 ? 'exact-duplicate' : 'near-duplicate',
      otherImageId: first,
      certainty,
      similarity,
      alteration: null,
    });
  }
  return flags;
}
