import type { ImageFacets, ScoreHistogram } from '../../rpc/contract/images.ts';
import { DECISIONS, RULES, STRATA } from '../../rpc/contract/terms.ts';
import type { Columns } from './columns.ts';
import type { FilterParts } from './matching.ts';
import type { ScoreColumn } from './score-columns.ts';

/** Counts over the whole project, for every filter choice. Labels and predictions: most frequent first. */
export function countFacets(
  columns: Columns,
  { batches, labels }: Pick<FilterParts, 'batches' | 'labels'>,
): ImageFacets {
  const { n } = columns;
  const mostLabels = Math.max(0, ...labels.map(({ id }) => id));
  const byBatch = tally(columns.batch, n, Math.max(0, ...batches.map(({ id }) => id)));
  const byLabel = tally(columns.label, n, mostLabels);
  const byPrediction = tally(columns.predicted, n, mostLabels);
  const byFlags = tally(columns.flags, n, 2 ** RULES.length - 1);
  const byStratum = tally(columns.stratum, n, STRATA.length);
  const byVerdict = tally(columns.verdict, n, DECISIONS.length - 1);
  const named = (counts: Uint32Array): { name: string; images: number }[] =>
    labels
      .map(({ id, name }) => ({ name, images: counts[id]! }))
      .filter(({ images }) => images > 0)
      .sort((a, b) => b.images - a.images);
  const unlabelled = byLabel[0]!;
  return {
    batches: batches.map(({ id, name, role }) => ({ name, role, images: byBatch[id]! })),
    labels: [...named(byLabel), ...(unlabelled > 0 ? [{ name: null, images: unlabelled }] : [])],
    predicted: named(byPrediction),
    flags: keyed(RULES, (k) => byFlags.reduce((sum, count, bits) => sum + ((bits >> k) & 1) * count, 0)),
    strata: keyed(STRATA, (k) => byStratum[k + 1]!),
    decisions: keyed(DECISIONS, (k) => byVerdict[k]!),
    reviewers: [...columns.deciders]
      .map(([name, images]) => ({ name, images: images.size }))
      .filter(({ images }) => images > 0)
      .sort((a, b) => b.images - a.images),
  };
}

function tally(column: Uint8Array | Uint32Array, n: number, most: number): Uint32Array {
  const counts = new Uint32Array(most + 1);
  for (let id = 1; id <= n; id++) counts[column[id]!]!++;
  return counts;
}

function keyed<K extends string>(keys: readonly K[], count: (k: number) => number): Record<K, number> {
  return Object.fromEntries(keys.map((key, k) => [key, count(k)])) as Record<K, number>;
}

/**
 * Counts over equal bins from the smallest to the largest value, the last one closed. `n` is the project's number of
 * images, `mask` the images that match the filter.
 */
export function countBins(
  score: string,
  { values, min, max, order }: ScoreColumn,
  mask: Uint8Array,
  bins: number,
): ScoreHistogram {
  const counts = Array.from({ length: bins }, () => 0);
  const filtered = Array.from({ length: bins }, () => 0);
  const scale = max > min ? bins / (max - min) : 0;
  const end = Math.min(values.length, mask.length);
  for (let id = 1; id < end; id++) {
    const value = values[id]!;
    if (Number.isNaN(value)) continue;
    const bin = Math.min(bins - 1, Math.floor((value - min) * scale));
    counts[bin]!++;
    if (mask[id] === 1) filtered[bin]!++;
  }
  return { score, min, max, counts, filtered, missing: mask.length - 1 - order.length };
}
