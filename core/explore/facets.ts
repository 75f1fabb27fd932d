import type { ImageFacets, ScoreHistogram } from '../../rpc/contract/images.ts';
import { DECISIONS, PAIR_CERTAINTIES, ROLES, RULES, STRATA } from '../../rpc/contract/terms.ts';
import type { Columns } from './columns.ts';
import { bitOf, type Facet, type FilterParts } from './matching.ts';
import type { ScoreColumn } from './score-columns.ts';

type Names = Pick<FilterParts, 'batches' | 'labels'>;

/**
 * Counts for every choice of a filter, each facet under all the other parts of it: an image counts where it misses
 * nothing (`missesOf`), or only what the facet itself asks for. A list has every choice that the project has images of:
 * those with most images here first, then those with most in the project, so that choosing in a list does not move it.
 */
export function countFacets(
  columns: Columns,
  { batches, labels }: Names,
  misses: Uint16Array,
): Omit<ImageFacets, 'scores'> {
  const { n } = columns;
  const mostLabels = Math.max(0, ...labels.map(({ id }) => id));
  const mostBatches = Math.max(0, ...batches.map(({ id }) => id));
  const nothing = new Uint16Array(n + 1);
  const tallies = (facet: Facet, column: Uint8Array | Uint32Array, most: number): Tally => ({
    here: tally(column, most, misses, bitOf(facet)),
    whole: tally(column, most, nothing, 0),
  });
  const byBatch = tallies('batches', columns.batch, mostBatches);
  const byRole = tally(columns.batch, mostBatches, misses, bitOf('roles'));
  const byLabel = tallies('labels', columns.label, mostLabels);
  const byPrediction = tallies('predicted', columns.predicted, mostLabels);
  const byFlags = tally(columns.flags, 2 ** RULES.length - 1, misses, bitOf('flags'));
  const byCertainty = tally(
    columns.certainties,
    2 ** PAIR_CERTAINTIES.length - 1,
    misses,
    bitOf('certainties'),
  );
  const byStratum = tally(columns.stratum, STRATA.length, misses, bitOf('strata'));
  const byVerdict = tally(columns.verdict, DECISIONS.length - 1, misses, bitOf('decisions'));
  const unlabelled = byLabel.whole[0]! > 0 ? [{ name: null, images: byLabel.here[0]! }] : [];
  return {
    batches: batches.map(({ id, name, role }) => ({ name, role, images: byBatch.here[id]! })),
    roles: keyed(ROLES, (k) =>
      batches.reduce((sum, { id, role }) => sum + (role === ROLES[k] ? byRole[id]! : 0), 0),
    ),
    labels: [...named(labels, byLabel), ...unlabelled],
    predicted: named(labels, byPrediction),
    flags: keyed(RULES, (k) => ofBit(byFlags, k)),
    certainties: keyed(PAIR_CERTAINTIES, (k) => ofBit(byCertainty, k)),
    strata: keyed(STRATA, (k) => byStratum[k + 1]!),
    decisions: keyed(DECISIONS, (k) => byVerdict[k]!),
    reviewers: [...columns.deciders]
      .filter(([, images]) => images.size > 0)
      .map(([name, images]) => ({
        name,
        of: images.size,
        images: countOthers(images, misses, 'reviewers'),
      }))
      .sort((a, b) => b.images - a.images || b.of - a.of)
      .map(({ name, images }) => ({ name, images })),
    tags: [...columns.tags.values()]
      .map(({ name, images }) => ({ name, of: images.length, images: countOthers(images, misses, 'tags') }))
      .sort((a, b) => b.images - a.images || b.of - a.of)
      .map(({ name, images }) => ({ name, images })),
  };
}

/** Images by code: under the other parts of the filter, and in the whole project. */
interface Tally {
  here: Uint32Array;
  whole: Uint32Array;
}

function named(labels: Names['labels'], { here, whole }: Tally): { name: string; images: number }[] {
  return labels
    .filter(({ id }) => whole[id]! > 0)
    .sort((a, b) => here[b.id]! - here[a.id]! || whole[b.id]! - whole[a.id]!)
    .map(({ id, name }) => ({ name, images: here[id]! }));
}

/** Counts by code the images that miss nothing besides `own`. */
function tally(
  column: Uint8Array | Uint32Array,
  most: number,
  misses: Uint16Array,
  own: number,
): Uint32Array {
  const counts = new Uint32Array(most + 1);
  const others = ~own;
  for (let id = 1; id < misses.length; id++) if ((misses[id]! & others) === 0) counts[column[id]!]!++;
  return counts;
}

/** How many of these images miss nothing besides a facet's own. */
function countOthers(images: Iterable<number>, misses: Uint16Array, own: Facet): number {
  const others = ~bitOf(own);
  let count = 0;
  for (const id of images) if ((misses[id]! & others) === 0) count++;
  return count;
}

/** Images whose code has bit k. */
const ofBit = (byCode: Uint32Array, k: number): number =>
  byCode.reduce((sum, count, bits) => sum + ((bits >> k) & 1) * count, 0);

function keyed<K extends string>(keys: readonly K[], count: (k: number) => number): Record<K, number> {
  return Object.fromEntries(keys.map((key, k) => [key, count(k)])) as Record<K, number>;
}

/**
 * Counts over equal bins from the smallest to the largest value, the last one closed. `misses` (`missesOf`) says which
 * images match the filter; those of a synthetic batch are counted apart from the real and held-out ones.
 */
export function countBins(
  score: string,
  { values, min, max, order }: ScoreColumn,
  { batch }: Pick<Columns, 'batch'>,
  { batches }: Pick<Names, 'batches'>,
  misses: Uint16Array,
  bins: number,
): ScoreHistogram {
  const whole = new Uint32Array(bins);
  const real = new Uint32Array(bins);
  const synthetic = new Uint32Array(bins);
  const isSynthetic = new Uint8Array(Math.max(0, ...batches.map(({ id }) => id)) + 1);
  for (const { id, role } of batches) if (role === 'synthetic') isSynthetic[id] = 1;
  const scale = max > min ? bins / (max - min) : 0;
  const end = Math.min(values.length, misses.length);
  for (let id = 1; id < end; id++) {
    const value = values[id]!;
    if (Number.isNaN(value)) continue;
    const bin = Math.min(bins - 1, Math.floor((value - min) * scale));
    whole[bin]!++;
    if (misses[id] === 0) (isSynthetic[batch[id]!] === 1 ? synthetic : real)[bin]!++;
  }
  return {
    score,
    min,
    max,
    whole: [...whole],
    real: [...real],
    synthetic: [...synthetic],
    missing: misses.length - 1 - order.length,
  };
}
