import type { Random } from '../base/numeric/random.ts';
import { kMeans } from './k-means.ts';

/** How much deeper than the quota the ranking is read: what a full cluster leaves out comes from there. */
const SHORTLIST = 4;
const ITEMS_PER_CLUSTER = 10;
const MAX_CLUSTERS = 64;
/** A cluster may hold this many times its even share before others come first. */
const CAP = 2;

/**
 * Takes `quota` of the ranked items, best first, but no more than twice the even share from one region of the embedding
 * space: the best 4 * quota are clustered by k-means into quota / 10 clusters (at most 64), and the walk down the
 * ranking passes over items of full clusters. When it ends short, the best of those passed over fill up. So the rank
 * decides, and a single kind of trouble cannot take everything. Items without an embedding are never passed over.
 *
 * @param ranked item numbers, most suspect first
 * @returns the chosen item numbers, in rank order
 */
export function chooseDiverse(
  ranked: ArrayLike<number>,
  quota: number,
  embedding: (item: number) => ArrayLike<number> | null,
  random: Random,
): number[] {
  const shortlist = Array.from({ length: Math.min(ranked.length, SHORTLIST * quota) }, (_, i) => ranked[i]!);
  const clusters = Math.min(MAX_CLUSTERS, Math.ceil(quota / ITEMS_PER_CLUSTER));
  const cap = Math.ceil((CAP * quota) / clusters);
  if (shortlist.length <= quota || cap >= quota) return shortlist.slice(0, quota);

  const placed = shortlist.flatMap((item) => {
    const vector = embedding(item);
    return vector ? [{ item, vector }] : [];
  });
  const cluster = kMeans(
    placed.map(({ vector }) => vector),
    clusters,
    random,
  );
  const clusterOf = new Map(placed.map(({ item }, i) => [item, cluster[i]!]));
  const taken = new Set<number>();
  const held = new Map<number, number>();
  for (const item of shortlist) {
    if (taken.size === quota) break;
    const own = clusterOf.get(item);
    const count = own === undefined ? 0 : (held.get(own) ?? 0);
    if (count >= cap) continue;
    if (own !== undefined) held.set(own, count + 1);
    taken.add(item);
  }
  for (const item of shortlist) {
    if (taken.size === quota) break;
    taken.add(item);
  }
  return shortlist.filter((item) => taken.has(item));
}
