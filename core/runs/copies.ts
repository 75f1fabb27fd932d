import type { FactsRow } from '../../db/queries/facts.ts';
import type { FlagRow } from '../../db/queries/scores.ts';
import type { Store } from '../../db/store.ts';
import type { Kernels } from '../../models/types.ts';
import type { Role, Rule } from '../../rpc/contract/terms.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import { samePicture } from '../guards/same-picture.ts';
import { nearestByCosine, readVectors } from './vectors.ts';

/** Rows of the side that is searched, and of the side that asks, in memory at a time. */
const BASE_ROWS = 8192;
const QUERY_ROWS = 1024;
/** Proposals per image and base block: near-copies are among the very nearest or nowhere. */
const PROPOSALS = 5;
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
 * Memory: a block of each side, and the findings.
 */
export async function findCopies(
  store: Store,
  kernels: Kernels,
  model: string,
  dimensions: number,
  idsByRole: Record<Role, number[]>,
  task: TaskContext,
): Promise<Copies> {
  const copies: Copies = new Map();
  const cost = SEARCHES.map(
    (search) =>
      search.query.reduce((n, role) => n + idsByRole[role].length, 0) *
      Math.ceil(idsByRole[search.base].length / BASE_ROWS),
  );
  const total = cost.reduce((sum, part) => sum + part, 0);
  let done = 0;
  for (const { query, base, rule } of SEARCHES) {
    const found: Match[] = [];
    copies.set(rule, found);
    const queries = query.flatMap((role) => idsByRole[role]);
    for (let b = 0; b < idsByRole[base].length; b += BASE_ROWS) {
      const baseIds = idsByRole[base].slice(b, b + BASE_ROWS);
      const rowOf = new Map(baseIds.map((id, row) => [id, row]));
      await kernels.putMatrix(
        'copies',
        readVectors(store, model, dimensions, baseIds).unit,
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
          'copies',
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
            const similarity = other ? compare(own, other) : null;
            if (other && similarity !== null) found.push({ id, other: other.imageId, similarity });
          }
        }
        done += ids.length;
        task.progress({ stage: 'looking for copies', done, total, unit: 'comparisons' });
      }
      await kernels.dropMatrix('copies');
    }
  }
  return copies;
}

/** How surely two images show the same picture; 1 for equal pixels only, null where they do not. */
function compare(a: FactsRow, b: FactsRow): number | null {
  if (a.pixelSha256 === b.pixelSha256) return 1;
  const explained = samePicture(a.signature, b.signature);
  return explained === null ? null : Math.min(explained, 1 - Number.EPSILON);
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
