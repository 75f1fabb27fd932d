import type { Reason } from '../../rpc/contract/reasons.ts';
import { PRIORITY_STRATA, type PriorityStratum, type Stratum } from '../../rpc/contract/terms.ts';
import { streamOf } from '../base/numeric/random.ts';
import { drawAuditSample } from './audit-sample.ts';
import { allot, checkPolicy, type Policy } from './policy.ts';
import { collapse, representative, strength, type Candidates, type Unit } from './units.ts';
import type { Random } from '../base/numeric/random.ts';
import { kMeans } from './k-means.ts';

interface QueueItem {
  imageId: number;
  /** From 1, the first to be reviewed. */
  rank: number;
  stratum: Stratum;
  /** Empty for audit items, which are judged without a hint. */
  reasons: Reason[];
  /** Within the stratum; 0 for audit items. */
  priority: number;
  /** 1 for items chosen by rank; audited / rest for the audit. */
  inclusionProbability: number;
  /** Near-duplicates that the answer also holds for. */
  groupImageIds: number[];
}

export interface Queue {
  items: QueueItem[];
  /** Things that could be reviewed, near-duplicates counted once. */
  frame: number;
  /** Those not chosen by rank: the population that the audit represents. */
  rest: number;
  /** Drawn from the rest. */
  audited: number;
  /** Faults that the items of each stratum should hold, by their chances. */
  expected: Record<PriorityStratum, number>;
}

/**
 * Chooses `budget` things to review. First the ranked part: every candidate belongs to the stratum where it ranks
 * highest for that stratum's share, and each stratum contributes its most suspect ones; what the shares leave to the
 * likeliest faults goes to labels that are likelier wrong than right, then to the highest chance in any stratum. Then a
 * simple random sample of everything else, whose recorded inclusion probability lets the error rate of unreviewed images be bounded
 * (core/audit/audit.ts). The order mixes the strata and spreads the audit evenly, in the order drawn, so that a
 * reviewer who stops early leaves a valid, smaller audit. Deterministic for the candidates, the policy and the seed.
 * Throws `INVALID_INPUT` for an impossible budget or policy.
 */
export function selectQueue(task: {
  candidates: Candidates;
  budget: number;
  policy: Policy;
  seed: number;
}): Queue {
  const { candidates, budget, policy, seed } = task;
  checkPolicy(policy, budget);
  const units = collapse(candidates);
  const total = Math.min(budget, units.length);
  const shares = Object.values(policy.shares).reduce((sum, share) => sum + share, 0);
  const ranked = total - Math.round((total * policy.shares.audit) / shares);
  const chosen = byRank(units, candidates, policy, ranked, seed);
  const certain = new Set(chosen.flat());
  const rest = [...units.keys()].filter((u) => !certain.has(u));
  const wanted = policy.shares.audit > 0 ? budget - certain.size : 0;
  const audit = drawAuditSample(rest, wanted, streamOf(seed, 'audit'));

  const entries: { key: number; item: Omit<QueueItem, 'rank'> }[] = [];
  PRIORITY_STRATA.forEach((stratum, s) => {
    chosen[s]!.forEach((u, i) => {
      const item = rankedItem(units[u]!, stratum, candidates);
      entries.push({ key: (i + 0.5) / chosen[s]!.length, item });
    });
  });
  const jitter = streamOf(seed, 'order');
  audit.drawn.forEach((u, i) => {
    const item = auditItem(units[u]!, audit.inclusionProbability, candidates);
    entries.push({ key: (i + jitter()) / audit.drawn.length, item });
  });
  entries.sort((a, b) => a.key - b.key);
  return {
    items: entries.map(({ item }, i) => ({ ...item, rank: i + 1 })),
    frame: units.length,
    rest: rest.length,
    audited: audit.drawn.length,
    expected: Object.fromEntries(
      PRIORITY_STRATA.map((stratum, s) => [
        stratum,
        chosen[s]!.reduce((sum, u) => sum + chanceOf(units[u]!, candidates.chances[stratum]), 0),
      ]),
    ) as Record<PriorityStratum, number>,
  };
}

/** Labels that are likelier wrong than right come before all else: a wrong label costs more than a poor picture. */
const LIKELIER_THAN_NOT = 0.5;

/**
 * Returns the units of every priority stratum, most suspect first. A unit belongs where its position in the stratum's
 * whole ranking is best relative to the stratum's share: there it is most likely to be chosen.
 */
function strongest(units: Unit[], candidates: Candidates, policy: Policy): number[][] {
  const best = new Float64Array(units.length).fill(Infinity);
  const home = new Int8Array(units.length).fill(-1);
  const rankings = PRIORITY_STRATA.map((stratum, s) => {
    const share = policy.shares[stratum];
    if (share === 0) return [];
    const priority = candidates.priorities[stratum];
    const value = Float64Array.from(units, (unit) => strength(priority[representative(unit, priority)]!));
    const ranking = [...units.keys()]
      .filter((u) => value[u]! > 0)
      .sort((a, b) => value[b]! - value[a]! || a - b);
    ranking.forEach((u, position) => {
      const depth = (position + 1) / share;
      if (depth < best[u]!) {
        best[u] = depth;
        home[u] = s;
      }
    });
    return ranking;
  });
  return rankings.map((ranking, s) => ranking.filter((u) => home[u] === s));
}

/** The units that rank chooses, `total` at most, per priority stratum, most suspect first. */
function byRank(
  units: Unit[],
  candidates: Candidates,
  policy: Policy,
  total: number,
  seed: number,
): number[][] {
  const owned = strongest(units, candidates, policy);
  const { likeliest } = policy.shares;
  const all = PRIORITY_STRATA.reduce((sum, stratum) => sum + policy.shares[stratum], likeliest);
  const byChance = all === 0 ? 0 : Math.round((total * likeliest) / all);
  const leasts = allot(
    total - byChance,
    PRIORITY_STRATA.map((stratum, s) => ({
      share: policy.shares[stratum],
      available: owned[s]!.length,
    })),
  );
  const chosen = PRIORITY_STRATA.map((stratum, s) => {
    const embedding = (u: number): ArrayLike<number> | null =>
      candidates.embedding(representative(units[u]!, candidates.priorities[stratum]));
    return policy.diverse.includes(stratum)
      ? chooseDiverse(owned[s]!, leasts[s]!, embedding, streamOf(seed, stratum))
      : owned[s]!.slice(0, leasts[s]);
  });
  if (likeliest === 0) return chosen;

  const taken = new Set(chosen.flat());
  const { home, chance, priority } = likeliestStrata(units, candidates);
  const left = [...units.keys()].filter((u) => !taken.has(u) && chance[u]! > 0);
  const isWrong = (u: number): number =>
    Number(chanceOf(units[u]!, candidates.chances['suspect-label']) > LIKELIER_THAN_NOT);
  left.sort(
    (x, y) => isWrong(y) - isWrong(x) || chance[y]! - chance[x]! || priority[y]! - priority[x]! || x - y,
  );
  for (const u of left.slice(0, total - taken.size)) {
    chosen[home[u]!]!.push(u);
    taken.add(u);
  }
  // Where no chance is known, the strata share what is left.
  const others = owned.map((list) => list.filter((u) => !taken.has(u)));
  const rest = allot(
    total - taken.size,
    PRIORITY_STRATA.map((stratum, s) => ({ share: policy.shares[stratum], available: others[s]!.length })),
  );
  rest.forEach((items, s) => chosen[s]!.push(...others[s]!.slice(0, items)));
  const within = (s: number, u: number): number => {
    const column = candidates.priorities[PRIORITY_STRATA[s]!];
    return strength(column[representative(units[u]!, column)]!);
  };
  return chosen.map((list, s) => list.toSorted((x, y) => within(s, y) - within(s, x) || x - y));
}

/** The chance of a unit: that of its likeliest member. */
function chanceOf(unit: Unit, chances: Float64Array): number {
  return unit.reduce((most, member) => Math.max(most, chances[member] || 0), 0);
}

/** Per unit the stratum in which it is most likely faulty, that chance, and its priority there. */
function likeliestStrata(units: Unit[], { chances, priorities }: Candidates) {
  const home = new Int8Array(units.length);
  const chance = new Float64Array(units.length);
  const priority = new Float64Array(units.length);
  units.forEach((unit, u) => {
    PRIORITY_STRATA.forEach((stratum, s) => {
      for (const member of unit) {
        const own = chances[stratum][member]!;
        if (!(own > chance[u]!)) continue;
        home[u] = s;
        chance[u] = own;
        priority[u] = strength(priorities[stratum][member]!);
      }
    });
  });
  return { home, chance, priority };
}

function rankedItem(unit: Unit, stratum: PriorityStratum, candidates: Candidates): Omit<QueueItem, 'rank'> {
  const shown = representative(unit, candidates.priorities[stratum]);
  return {
    ...imagesOf(unit, shown, candidates),
    stratum,
    reasons: candidates.reasons(shown, stratum),
    priority: candidates.priorities[stratum][shown]!,
    inclusionProbability: 1,
  };
}

function auditItem(
  unit: Unit,
  inclusionProbability: number,
  candidates: Candidates,
): Omit<QueueItem, 'rank'> {
  return {
    ...imagesOf(unit, unit[0]!, candidates),
    stratum: 'audit',
    reasons: [],
    priority: 0,
    inclusionProbability,
  };
}

function imagesOf(unit: Unit, shown: number, { imageIds }: Candidates) {
  return {
    imageId: imageIds[shown]!,
    groupImageIds: unit.filter((member) => member !== shown).map((member) => imageIds[member]!),
  };
}

/** How much deeper than the quota the ranking is read, to replace items of full clusters. */
const SHORTLIST = 4;
const ITEMS_PER_CLUSTER = 10;
const MAX_CLUSTERS = 64;
/** A cluster may hold this many times its even share before others come first. */
const CAP = 2;

/**
 * Takes `quota` of the ranked items, best first, but no more than twice the even share from one region of the embedding
 * space: k-means groups the best 4 * quota into quota / 10 clusters (at most 64), and the walk down the ranking skips
 * items of full clusters. If it ends short, the best skipped items fill the rest. So the rank decides, and one kind of
 * fault cannot take everything. Items without an embedding are never skipped.
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
