import type { QueueRow } from '../../db/queries/queue.ts';
import type { Store } from '../../db/store.ts';
import type { Reason } from '../../rpc/contract/reasons.ts';
import { countAtMost, countBelow, sortedFinite } from '../base/numeric/percentile.ts';
import type { Score } from '../measure/scores/define.ts';
import { scores } from '../measure/scores/registry.ts';
import type { RecordedQueuePolicy } from '../ledger/events.ts';

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
 * What a run's scores say of an image, as the reasons of ranked items do: the rarest thing, and what else is rare. True
 * of any image, so that an item drawn by lot or a gold item does not stand out by having nothing said of it; ranks are
 * among at most 2,000 images of the roles that were queued. `shown` is about the label shown.
 */
export function reasonsFor(
  store: Store,
  queue: QueueRow,
  imageId: number,
  shown: { selfConfidence: number | null; isGiven: boolean },
): Reason[] {
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
    return [{ score: score.id, value, rank: Math.max(alike, 1), of: ascending.length }];
  });
  said.sort((a, b) => a.rank / a.of - b.rank / b.of);
  return said.filter(({ rank, of }, i) => i === 0 || rank / of <= RARE);
}

/**
 * A reason as a reviewer may see it: its value to 3 places and its rank out of 100, rounded up, 0 below 1. How many
 * candidates there were would tell ranked items from others, whose ranks are of a sample.
 */
export function coarse(reason: Reason): Reason {
  if (!('score' in reason)) return reason;
  const percent = (100 * reason.rank) / reason.of;
  return {
    ...reason,
    value: Number(reason.value.toFixed(3)),
    rank: percent < 1 ? 0 : Math.ceil(percent),
    of: 100,
  };
}

function sampleOf(store: Store, queue: QueueRow): ScoreSample[] {
  const known = samples.get(store);
  if (known?.queue === queue.id) return known.sample;
  const { roles } = JSON.parse(queue.policy) as RecordedQueuePolicy;
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
