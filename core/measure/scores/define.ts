import type { Store, WritableStore } from '../../../db/store.ts';
import type { Place } from '../../../rpc/contract/reasons.ts';
import type { ScoreGroup } from '../../../rpc/contract/scores.ts';
import type { Stratum } from '../../../rpc/contract/terms.ts';
import type { Block, ScoreRun } from '../block.ts';
import type { FactName, Facts, Kind } from '../facts/define.ts';

/** How the queue ranks images by a score. */
export interface Ranking {
  stratum: Exclude<Stratum, 'audit'>;
  /**
   * What makes a value suspect: `chance`, being the chance of a fault; `value`, lying towards the suspect end of 0..1;
   * `outlying`, being unlike the values of the real images and of the other candidates; `threshold`, lying beyond the
   * threshold of the score's source.
   */
  by: 'chance' | 'value' | 'outlying' | 'threshold';
  /** Outlying among images of the same class too. */
  withinClass?: true;
  /** Its most suspect images are looked at for its own sake, not as the worst of several rules (`damaged`). */
  apart?: true;
  /** Decides only where no score of its stratum says how great the chance of a fault is. */
  standIn?: true;
  /** Decides alone, of the scores of its stratum, where it has a value. */
  decides?: true;
  /** The scale that outlyingness is measured on, higher is more suspect; the value itself, or minus it, by default. */
  scale?: (value: number) => number;
}

/** The scale that a score's outlyingness is measured on. */
export function suspicionScale({
  suspect,
  ranking,
}: Pick<About, 'suspect' | 'ranking'>): NonNullable<Ranking['scale']> {
  return ranking?.scale ?? ((value) => (suspect === 'low' ? -value : value));
}

/** What every score declares. */
interface About {
  id: string;
  title: string;
  /** The question that it helps to answer. */
  group: ScoreGroup;
  /** Which end people must look at. */
  suspect: 'high' | 'low';
  range: [number, number];
  unit: string;
  /** One sentence: what a suspect value means. */
  meaning: string;
  /** Where the formula comes from. */
  source: string;
  /** The value at which the source of the formula flags an image, or null where it names none. Suspect side, strict. */
  threshold: number | null;
  /** Absent where the queue does not rank by it. */
  ranking?: Ranking;
  /**
   * When a reviewer is told of it, besides the score that an image was ranked by: where the value is `rare` among the
   * candidates, `flagged` (beyond the threshold), or `ranked` (its own priority is above 0).
   */
  reason?: 'rare' | 'flagged' | 'ranked';
  /** The part of an image's picture that a run's value is about, of a score that is about one; null where it is not known. */
  placeOf?(store: Store, run: number, imageId: number): Place | null;
  /** Says something of the given label, so nothing where another one is shown. */
  aboutLabel?: true;
}

/** A score of facts: image by image, as blocks come. */
export interface FactScore extends About {
  needs: readonly FactName[];
  /** Asked only for images that lack none of the facts that it needs; the others have no value. */
  value(facts: Facts, row: number): number;
}

/** What a score of scores is estimated from, once every score of facts is written. */
export interface Scored {
  run: ScoreRun;
  /** The needed scores of some images by score id, in their order; NaN where there is no value. */
  scores(ids: number[]): Promise<ReadonlyMap<string, Float64Array>>;
  /** The same of a block, computed now: of changed copies of images, say. */
  measured(block: Block): Promise<ReadonlyMap<string, Float64Array>>;
  /** Facts of a block under its labels, which need not be the stored ones; unavailable facts are left out. */
  facts<N extends FactName>(block: Block, needs: readonly N[]): Promise<Partial<Pick<Facts, N>>>;
}

export interface Estimate {
  values(): Iterable<[imageId: number, value: number]>;
  /** Stores what it found besides values under the run's number, in the transaction that stores those. */
  keep?(store: WritableStore, run: number): void;
  /** Joins the parameters that the run's event records. */
  record: Record<string, unknown>;
  /** Told to the person who started the run. */
  notes?: string[];
}

/** A score of other scores: estimated over all images at once, after those. */
export interface LateScore extends About {
  needsScores: readonly string[];
  /** Null where it cannot be estimated. */
  estimate(scored: Scored): Promise<Estimate | null>;
}

export type Score = FactScore | LateScore;

/** The facts that are a number per image. */
type NumberColumn = { [K in FactName]: Facts[K] extends Float64Array ? K : never }[FactName];

/** A score is one file of this folder with one of these as its default export: of facts, */
export function defineScore<const N extends FactName>(
  score: About & {
    needs: readonly N[];
    value(facts: Pick<Facts, N | 'classes'>, row: number): number;
  },
): FactScore;
/** one fact as it is, */
export function defineScore(score: About & { column: NumberColumn }): FactScore;
/** or of other scores. */
export function defineScore(score: LateScore): LateScore;
export function defineScore(score: (About & { column: NumberColumn }) | Score): Score {
  if (!('column' in score)) return score;
  const { column, ...about } = score;
  return { ...about, needs: [column], value: (facts, row) => facts[column][row]! };
}

/**
 * A score's values of n images. Where a fact that it needs is missing, for one image or for all, there is no value
 * (NaN), whatever the score.
 */
export function valuesOf(
  score: FactScore,
  facts: Partial<Facts>,
  n: number,
  kinds: ReadonlyMap<string, Kind<never>>,
): Float64Array {
  const values = new Float64Array(n).fill(Number.NaN);
  const needed = score.needs.map((name) => ({ column: facts[name] as never, kind: kinds.get(name) }));
  if (needed.some(({ column }) => column === undefined)) return values;
  const classes = facts.classes ?? 0;
  for (let row = 0; row < n; row++)
    if (!needed.some(({ column, kind }) => kind?.lacks(column, row, classes)))
      values[row] = score.value(facts as Facts, row);
  return values;
}
