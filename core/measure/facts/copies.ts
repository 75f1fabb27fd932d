import type { FactsRow } from '../../../db/queries/facts.ts';
import type { FlagRow } from '../../../db/queries/scores.ts';
import type { Role, Rule } from '../../../rpc/contract/terms.ts';
import { vectorsOf, type ScoreRun } from '../block.ts';
import { defineFacts, numbers, type ColumnsOf } from './define.ts';
import {
  isNearCopy,
  LAXEST_RULE,
  likenessIfNear,
  nearCopyRule,
  samePicture,
  type Likeness,
} from './same-picture.ts';
import { isLarge } from '../automatic-search.ts';
import { nearestByCosine } from '../vectors.ts';

const columns = {
  /** Similarity, 0..1, of the closest confirmed copy among the synthetic, the real, and the hold-out images; 0 is none. */
  batchCopy: numbers,
  seedCopy: numbers,
  holdoutCopy: numbers,
  /** 1 where another file of the project has the very same bytes or pixels. */
  exactCopy: numbers,
};
declare module './define.ts' {
  interface Facts extends ColumnsOf<typeof columns> {}
}

/** Images that show the same picture, and the flags that follow. */
export default defineFacts({
  id: 'copies',
  columns,
  async prepare(run) {
    const { store } = run;
    const copies = await findCopies(run);
    const batch = closest(
      copies
        .get('near-duplicate')!
        .flatMap((match) => [match, { ...match, id: match.other, other: match.id }]),
    );
    const seed = closest(copies.get('seed-copy')!);
    const holdout = closest(copies.get('holdout-leak')!);
    const flags = flagsOf(copies);
    return {
      block({ ids }) {
        const similarity = (found: Map<number, Match>): Float64Array =>
          Float64Array.from(ids, (id) => found.get(id)?.similarity ?? 0);
        return {
          batchCopy: similarity(batch),
          seedCopy: similarity(seed),
          holdoutCopy: similarity(holdout),
          exactCopy: Float64Array.from(ids, (id) => Number(store.facts.hasTwin(id))),
        };
      },
      keep(writable, id) {
        for (const flag of flags) writable.scores.insertFlag(id, flag);
      },
    };
  },
});

/** Rows of the side that is searched, and of the side that asks, in memory at a time. */
const BASE_ROWS = 8192;
const QUERY_ROWS = 1024;
/** Proposals per image and block of the base: an embedder may find many neighbouring shots nearer than the copy. */
const PROPOSALS = 16;
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
type Copies = Map<Rule, Match[]>;

/**
 * Finds images that are the same picture as a hold-out image, a seed image or an earlier synthetic one. Embeddings
 * propose, pixels confirm (same-picture.ts); equal decoded pixels make an exact copy, even in different files.
 * Memory: a block of each side, and the findings; of a base so large that it is searched through an index, its ids.
 */
async function findCopies(run: ScoreRun): Promise<Copies> {
  const { store, search: kernels, dimensions, task } = run;
  const { idsByRole } = run.frame;
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
    const found = rule === 'near-duplicate' ? new NearCopies(idsByRole.synthetic) : new SamePictures();
    const queries = query.flatMap((role) => idsByRole[role]);
    for (let b = 0; b < idsByRole[base].length; b += step) {
      const baseIds = idsByRole[base].slice(b, b + step);
      const rowOf = new Map(baseIds.map((id, row) => [id, row]));
      const matrix = `copies (${rule})`;
      await kernels.putMatrix(
        matrix,
        (first, rows) => vectorsOf(run, baseIds.slice(first, first + rows)).unit,
        baseIds.length,
        dimensions,
      );
      for (let q = 0; q < queries.length; q += QUERY_ROWS) {
        task.signal.throwIfAborted();
        const ids = queries.slice(q, q + QUERY_ROWS);
        const { unit } = vectorsOf(run, ids);
        const near = await nearestByCosine(
          kernels,
          unit,
          matrix,
          PROPOSALS,
          Int32Array.from(ids, (id) => rowOf.get(id) ?? -1),
        );
        for (const [i, id] of ids.entries()) {
          const own = store.facts.facts(id);
          for (let j = i * PROPOSALS; own && j < (i + 1) * PROPOSALS; j++) {
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
function closest(matches: Match[]): Map<number, Match> {
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
function flagsOf(copies: Copies): FlagRow[] {
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
