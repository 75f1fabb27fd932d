import type { QueueRow } from '../../db/queries/queue.ts';
import type { Store } from '../../db/store.ts';
import { EXTREME, isExtreme, type Evidence, type Reason } from '../../rpc/contract/reasons.ts';
import { countAtMost, countBelow, sortedFinite } from '../base/numeric/percentile.ts';
import type { Score } from '../measure/scores/define.ts';
import { scores } from '../measure/scores/registry.ts';
import type { RecordedQueuePolicy } from '../ledger/events.ts';

/** Images that rarity is estimated from. */
const SAMPLE = 2000;

/** Samples of a run's scores, ascending. */
interface ScoreSample {
  score: Score;
  scoreId: number;
  ascending: Float64Array;
}

/** The images that rarity is estimated from in a queue, and what is known of them so far. */
interface Sample {
  images: number[];
  known: Map<string, Float64Array>;
}

/** By queue: reviewers of two queues take turns. */
const samples = new WeakMap<Store, Map<number, Sample>>();

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
    const place = score.placeOf?.(store, queue.runId, imageId);
    return [
      {
        score: score.id,
        value,
        rank: Math.max(alike, 1),
        of: ascending.length,
        ...(place ? { place } : {}),
      },
    ];
  });
  said.sort((a, b) => a.rank / a.of - b.rank / b.of);
  return said.filter(({ rank, of }, i) => i === 0 || rank / of <= EXTREME);
}

/**
 * A reason as a reviewer may see it: its value to 3 places and its rank out of 100, rounded up, 0 below 1. How many
 * candidates there were would tell ranked items from others, whose ranks are of a sample.
 */
function coarse(reason: Reason): Reason {
  if (!('score' in reason)) return reason;
  const percent = (100 * reason.rank) / reason.of;
  return {
    ...reason,
    value: Number(reason.value.toFixed(3)),
    rank: percent < 1 ? 0 : Math.ceil(percent),
    of: 100,
  };
}

const BINS = 32;

/** Those that are extreme for the image, else the rarest of them as what is most unusual about it. */
export function told(reasons: readonly Reason[]): Pick<Evidence, 'reason' | 'extreme'>[] {
  const judged = reasons.map((reason) => ({
    reason,
    extreme: isExtreme(reason, 'score' in reason ? scores.get(reason.score)?.suspect : undefined),
  }));
  const share = (reason: Reason) => ('score' in reason ? reason.rank / reason.of : 0);
  const rarest = judged.toSorted((a, b) => share(a.reason) - share(b.reason));
  const extreme = judged.filter((each) => each.extreme);
  return extreme.length > 0 ? extreme : rarest.slice(0, 1);
}

/**
 * Reasons as a reviewer is shown them. Each score comes with the strip of its values among up to 2,000 images of the roles
 * that were queued.
 */
export function evidenceOf(store: Store, queue: QueueRow, reasons: readonly Reason[]): Evidence[] {
  return told(reasons).map(({ reason, extreme }) => ({
    reason: coarse(reason),
    extreme,
    strip: 'score' in reason ? stripOf(store, queue, reason.score, reason.value) : null,
  }));
}

function stripOf(store: Store, queue: QueueRow, id: string, value: number): Evidence['strip'] {
  const score = scores.get(id);
  const ascending = score && ascendingOf(store, queue, score);
  const [low, high] = [ascending?.at(0), ascending?.at(-1)];
  if (!ascending || low === undefined || high === undefined || low === high) return null;
  const place = (at: number) => (at - low) / (high - low);
  const bins = Array.from({ length: BINS }, () => 0);
  for (const each of ascending) bins[Math.min(Math.floor(place(each) * BINS), BINS - 1)]! += 1;
  const most = Math.max(...bins);
  const limit = score.threshold === null ? null : place(score.threshold);
  return {
    counts: bins.map((count) => Math.ceil((100 * count) / most)),
    at: Number(Math.min(Math.max(place(value), 0), 1).toFixed(3)),
    threshold: limit === null || limit < 0 || limit > 1 ? null : limit,
  };
}

/** The sampled values of any score, ascending; undefined where the run does not have it. */
function ascendingOf(store: Store, queue: QueueRow, score: Score): Float64Array | undefined {
  const { images, known } = sampled(store, queue);
  let ascending = known.get(score.id);
  if (ascending) return ascending;
  const scoreId = store.scores.names().find(({ name }) => name === score.id)?.id;
  if (scoreId === undefined) return undefined;
  ascending = sortedFinite(
    images.map((image) => store.review.scoreAt(queue.runId, scoreId, image) ?? Number.NaN),
  );
  known.set(score.id, ascending);
  return ascending;
}

function sampled(store: Store, queue: QueueRow): Sample {
  const byQueue = samples.get(store) ?? new Map<number, Sample>();
  samples.set(store, byQueue);
  const held = byQueue.get(queue.id);
  if (held) return held;
  const { roles } = JSON.parse(queue.policy) as RecordedQueuePolicy;
  const last = store.review.imageCount();
  const images: number[] = [];
  for (let at = 1, step = Math.max(1, last / SAMPLE); at <= last; at += step) {
    const image = store.images.byId(Math.floor(at));
    if (image && (roles?.includes(image.role) ?? true)) images.push(image.id);
  }
  const made = { images, known: new Map<string, Float64Array>() };
  byQueue.set(queue.id, made);
  return made;
}

/** The scores that can be rare, with their sampled values. */
function sampleOf(store: Store, queue: QueueRow): ScoreSample[] {
  const names = new Map(store.scores.names().map(({ id, name }) => [name, id]));
  return [...scores.values()].flatMap((score): ScoreSample[] => {
    const scoreId = score.reason === 'rare' ? names.get(score.id) : undefined;
    const ascending = scoreId === undefined ? undefined : ascendingOf(store, queue, score);
    return scoreId === undefined || !ascending ? [] : [{ score, scoreId, ascending }];
  });
}
