import { z } from 'zod';
import type { QueueRow } from '../../db/queries/queue.ts';
import type { Store } from '../../db/store.ts';
import { countAtMost, countBelow, sortedFinite } from '../base/numeric/percentile.ts';
import { describeScore } from '../queue/reasons.ts';
import type { Score } from '../measure/scores/define.ts';
import { scores } from '../measure/scores/registry.ts';

/** Named besides the rarest one: among this share at the suspect end, as for ranked items. */
const RARE = 0.05;
/** Images that rarity is estimated from. */
const SAMPLE = 2000;

/** Samples of a run's scores, ascending. */
interface ScoreSample {
  score: Score;
  scoreId: number;
  ascending: Float64Array;
}

const samples = new WeakMap<Store, { queue: number; sample: ScoreSample[] }>();

/**
 * What a run's scores say of an image, in the sentences that ranked items have as their reasons: the rarest thing, and
 * whatever else is rare. True of any image, so that an item drawn by lot or a gold item does not stand out by having
 * nothing said of it; how rare is estimated from at most 2,000 images of the roles that were queued. `shown` is about the label shown.
 */
export function wordsFor(
  store: Store,
  queue: QueueRow,
  imageId: number,
  shown: { selfConfidence: number | null; isGiven: boolean },
): string[] {
  const said = sampleOf(store, queue).flatMap(({ score, scoreId, ascending }) => {
    const value =
      score.id === 'self-confidence'
        ? shown.selfConfidence
        : score.aboutLabel && !shown.isGiven
          ? null
          : (store.review.scoreAt(queue.runId, scoreId, imageId) ?? null);
    if (value === null || ascending.length === 0) return [];
    const alike =
      score.suspect === 'low'
        ? countAtMost(ascending, value)
        : ascending.length - countBelow(ascending, value);
    return [{ score, value, rarity: Math.max(alike, 1) / ascending.length }];
  });
  said.sort((a, b) => a.rarity - b.rarity);
  return said
    .filter(({ rarity }, i) => i === 0 || rarity <= RARE)
    .map(({ score, value, rarity }) => describeScore(score, value, rarity));
}

function sampleOf(store: Store, queue: QueueRow): ScoreSample[] {
  const known = samples.get(store);
  if (known?.queue === queue.id) return known.sample;
  const { roles } = z.object({ roles: z.array(z.string()).optional() }).parse(JSON.parse(queue.policy));
  const last = store.review.imageCount();
  const images: number[] = [];
  for (let at = 1, step = Math.max(1, last / SAMPLE); at <= last; at += step) {
    const image = store.images.byId(Math.floor(at));
    if (image && (roles?.includes(image.role) ?? true)) images.push(image.id);
  }
  const names = new Map(store.scores.names().map(({ id, name }) => [name, id]));
  const sample = [...scores.values()].flatMap((score): ScoreSample[] => {
    const scoreId = score.reason === 'rare' ? names.get(score.id) : undefined;
    if (scoreId === undefined) return [];
    const values = images.map((image) => store.review.scoreAt(queue.runId, scoreId, image) ?? Number.NaN);
    return [{ score, scoreId, ascending: sortedFinite(values) }];
  });
  samples.set(store, { queue: queue.id, sample });
  return sample;
}
