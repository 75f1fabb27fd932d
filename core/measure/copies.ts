import type { FactsRow } from '../../db/queries/facts.ts';
import type { FlagRow } from '../../db/queries/scores.ts';
import type { Store } from '../../db/store.ts';
import type { Role, Rule } from '../../rpc/contract/terms.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import {
  likenessIfNear,
  samePicture,
  type Likeness,
  LARGEST_RESIDUAL,
  LEAST_EXPLAINED,
} from './same-picture.ts';
import { isLarge, type Search } from './automatic-search.ts';
import { nearestByCosine, readVectors } from './vectors.ts';
import { quantileSorted } from '../base/numeric/percentile.ts';

/** Rows of the side that is searched, and of the side that asks, in memory at a time. */
const BASE_ROWS = 8192;
const QUERY_ROWS = 1024;
/** Proposals per image and base block: near-copies are among the very nearest or nowhere. */
const PROPOSALS = 5;
/** Proposals per image where all images are searched at once, through an index. */
const PROPOSALS_OF_ALL = 16;
/** Images that show what is usual among the images of a batch. */
const MEASURED = 20_000;
/** Proposals farther than this (cosine distance) are not compared on pixels. */
const FARTHEST = 0.35;

/** Who may be a copy of whom, strongest finding first. */
const SEARCHES: { query: Role[]; base: Role; rule: Rule }[] = [
  { query: ['synthetic', 'real'], base: 'holdout', rule: 'holdout-leak' },
  { query: ['synthetic'], base: 'real', rule: 'seed-copy' },
  { query: ['synthetic'], base: 'synthetic', rule: 'near-duplicate' },
];

/** Two images that show the same picture. */
interface Match {
  id: number;
  other: number;
  /** Share of the picture that the other one explains; 1 only where the decoded pixels are equal. */
  similarity: number;
}

/** The confirmed copies per rule. */
export type Copies = Map<Rule, Match[]>;

/**
 * Finds images that are the same picture as a hold-out image, a seed image or an earlier synthetic one. Embeddings
 * propose, pixels confirm (guards/same-picture.ts); equal decoded pixels are exact whatever the file says.
 * Memory: a block of each side, and the findings; of a base so large that it is searched through an index, its ids.
 */
export async function findCopies(
  store: Store,
  kernels: Search,
  model: string,
  dimensions: number,
  idsByRole: Record<Role, number[]>,
  task: TaskContext,
): Promise<Copies> {
  const copies: Copies = new Map();
  const cost = SEARCHES.map(
    (search) =>
      search.query.reduce((n, role) => n + idsByRole[role].length, 0) *
      Math.ceil(idsByRole[search.base].length / baseRows(search, idsByRole, dimensions)),
  );
  const total = cost.reduce((sum, part) => sum + part, 0);
  let done = 0;
  for (const search of SEARCHES) {
    const { query, base, rule } = search;
    const step = baseRows(search, idsByRole, dimensions);
    const proposals = step > BASE_ROWS ? PROPOSALS_OF_ALL : PROPOSALS;
    const found = rule === 'near-duplicate' ? new NearCopies(idsByRole.synthetic) : new SamePictures();
    const queries = query.flatMap((role) => idsByRole[role]);
    for (let b = 0; b < idsByRole[base].length; b += step) {
      const baseIds = idsByRole[base].slice(b, b + step);
      const rowOf = new Map(baseIds.map((id, row) => [id, row]));
      const matrix = `copies (${rule})`;
      await kernels.putMatrix(
        matrix,
        (first, rows) => readVectors(store, model, dimensions, baseIds.slice(first, first + rows)).unit,
        baseIds.length,
        dimensions,
      );
      for (let q = 0; q < queries.length; q += QUERY_ROWS) {
        task.signal.throwIfAborted();
        const ids = queries.slice(q, q + QUERY_ROWS);
        const { unit } = readVectors(store, model, dimensions, ids);
        const near = await nearestByCosine(
          kernels,
          unit,
          matrix,
          proposals,
          Int32Array.from(ids, (id) => rowOf.get(id) ?? -1),
        );
        for (const [i, id] of ids.entries()) {
          const own = store.facts.facts(id);
          for (let j = i * proposals; own && j < (i + 1) * proposals; j++) {
            const other =
              near.index[j]! >= 0 && near.distance[j]! <= FARTHEST
                ? store.facts.facts(baseIds[near.index[j]!]!)
                : undefined;
            if (other) found.compare(own, other);
          }
        }
        done += ids.length;
        task.progress({ stage: 'looking for copies', done, total, unit: 'comparisons' });
      }
      await kernels.dropMatrix(matrix);
    }
    copies.set(rule, found.matches());
  }
  return copies;
}

/** Rows of the searched side at a time: all of them where an index is what makes the search bearable. */
function baseRows(
  { query, base }: (typeof SEARCHES)[number],
  idsByRole: Record<Role, number[]>,
  dimensions: number,
): number {
  const queries = query.reduce((n, role) => n + idsByRole[role].length, 0);
  const rows = idsByRole[base].length;
  return isLarge(queries, rows, dimensions) ? rows : BASE_ROWS;
}

/** Pairs that show the very same picture: what leaks or repeats a real image is kept out without a look. */
class SamePictures {
  readonly #found: Match[] = [];

  compare(a: FactsRow, b: FactsRow): void {
    const explained = a.pixelSha256 === b.pixelSha256 ? 1 : samePicture(a.signature, b.signature);
    if (explained !== null) this.#found.push(matchOf(a, b, explained));
  }

  matches(): Match[] {
    return this.#found;
  }
}

/** Pairs of one batch that are more alike than is usual in it. */
class NearCopies {
  readonly #candidates: { match: Match; likeness: Likeness | null }[] = [];
  /** The smallest residual seen, of the images that are measured. */
  readonly #smallest: Map<number, number>;

  constructor(imageIds: number[]) {
    const every = Math.ceil(imageIds.length / MEASURED);
    this.#smallest = new Map(imageIds.filter((_, i) => i % every === 0).map((id) => [id, Infinity]));
  }

  compare(a: FactsRow, b: FactsRow): void {
    if (a.pixelSha256 === b.pixelSha256) {
      this.#candidates.push({ match: matchOf(a, b, 1), likeness: null });
      return;
    }
    const likeness = likenessIfNear(a.signature, b.signature);
    if (!likeness) return;
    const smallest = this.#smallest.get(a.imageId);
    if (smallest !== undefined && likeness.residual < smallest)
      this.#smallest.set(a.imageId, likeness.residual);
    if (isNearCopy(likeness, LAXEST_RULE))
      this.#candidates.push({ match: matchOf(a, b, likeness.explained), likeness });
  }

  matches(): Match[] {
    const rule = nearCopyRule([...this.#smallest.values()]);
    return this.#candidates.flatMap(({ match, likeness }) =>
      likeness === null || isNearCopy(likeness, rule) ? [match] : [],
    );
  }
}

/** Similarity is 1 for equal pixels only. */
function matchOf(a: FactsRow, b: FactsRow, explained: number): Match {
  const similarity = a.pixelSha256 === b.pixelSha256 ? 1 : Math.min(explained, 1 - Number.EPSILON);
  return { id: a.imageId, other: b.imageId, similarity };
}

/** The closest copy of each image; among equals the one that came first. */
export function closest(matches: Match[]): Map<number, Match> {
  const best = new Map<number, Match>();
  for (const match of matches) {
    const known = best.get(match.id);
    if (
      !known ||
      match.similarity > known.similarity ||
      (match.similarity === known.similarity && match.other < known.other)
    )
      best.set(match.id, match);
  }
  return best;
}

/**
 * The flags that follow: one per image and rule. Among synthetic images the first of a group is kept and the later
 * ones point at it; a later image joins the first kept image that it is a copy of, so that groups do not chain.
 */
export function flagsOf(copies: Copies): FlagRow[] {
  const flags: FlagRow[] = [];
  for (const rule of ['holdout-leak', 'seed-copy'] as const)
    for (const { id, other, similarity } of closest(copies.get(rule)!).values())
      flags.push({ imageId: id, rule, otherImageId: other, similarity });
  const pairs = copies.get('near-duplicate')!.map(({ id, other, similarity }) => ({
    first: Math.min(id, other),
    later: Math.max(id, other),
    similarity,
  }));
  pairs.sort((x, y) => x.later - y.later || y.similarity - x.similarity || x.first - y.first);
  const members = new Set<number>();
  for (const { first, later, similarity } of pairs) {
    if (members.has(later) || members.has(first)) continue;
    members.add(later);
    flags.push({
      imageId: later,
      rule: similarity === 1 ? 'exact-duplicate' : 'near-duplicate',
      otherImageId: first,
      similarity,
    });
  }
  return flags;
}

/** A near-copy differs from its original by this part of what an image differs from its nearest look-alike. */
const PART_OF_USUAL = 0.35;
/** Whatever is usual: two encodings of one picture differ by a level, and no copy by more than 8. */
const STRICTEST = 1;
const LAXEST = 8;
const LEAST_EXPLAINED_OF_USUAL = 0.965;
/** With fewer images it is not known what is usual. */
const FEWEST = 20;

/** When two images of one batch are near-copies. */
interface NearCopyRule {
  /** Levels of 255. */
  largestResidual: number;
  leastExplained: number;
}

/** No batch has a laxer rule: what fails it need not be kept. */
const LAXEST_RULE: NearCopyRule = {
  largestResidual: LAXEST,
  leastExplained: LEAST_EXPLAINED_OF_USUAL,
};

/**
 * The rule for a batch, from each image's (or a sample's) smallest residual to any other one, Infinity where none came
 * near. Neighbouring frames of a turntable are as alike as copies are elsewhere, so what counts is to be much more
 * alike than is usual in the batch: under .35 of the median, between 1 and 8 levels. After cleanlab's rule for
 * near-duplicates (distance under .13 of the median nearest distance), carried over to pixels. Where more than half of
 * a batch are copies they are what is usual, and only the closest are found.
 */
export function nearCopyRule(smallestResiduals: number[]): NearCopyRule {
  if (smallestResiduals.length < FEWEST)
    return { largestResidual: LARGEST_RESIDUAL, leastExplained: LEAST_EXPLAINED };
  const usual = quantileSorted(Float64Array.from(smallestResiduals).sort(), 0.5);
  // A median between a number and Infinity is NaN or Infinity: nothing is usually near.
  const largest = Number.isFinite(usual) ? PART_OF_USUAL * usual : LAXEST;
  return {
    largestResidual: Math.min(LAXEST, Math.max(STRICTEST, largest)),
    leastExplained: LEAST_EXPLAINED_OF_USUAL,
  };
}

/** Whether a pair is a near-copy by the rule. */
export function isNearCopy({ residual, explained }: Likeness, rule: NearCopyRule): boolean {
  return residual <= rule.largestResidual && explained >= rule.leastExplained;
}
