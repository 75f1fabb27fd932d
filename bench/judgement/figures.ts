import type { Finding } from '../../rpc/contract/terms.ts';
import {
  calibrationError,
  isLabelFault,
  type Calibration,
  type CopyCounts,
  type Counts,
  type RoundFigures,
} from './evaluate.ts';
import { FAMILIES, purposeOf, WORLDS, type Purpose, type WorldId } from './lists.ts';

/** Faults of a kind in the queue at each budget, and what other ways of choosing as many find. */
export interface FamilyFigures {
  put: number;
  queue: number[];
  random: number[];
  labelRisk: number[];
  entropy: number[];
  /** The score that finds most of them at the last budget if ranked alone, known only afterwards. */
  best: { score: string; found: number[] };
}

interface CalibrationFigures {
  images: number;
  /** Expected calibration error over ten bins; null without a label risk. */
  error: number | null;
  meanRisk: number;
  shareWrong: number;
}

export interface WorldFigures {
  world: WorldId;
  purpose: Purpose;
  files: number;
  families: Record<string, FamilyFigures>;
  /** Over the families that may be shown: wrong labels, all others, and both. */
  sums: Record<'labels' | 'others' | 'all', FamilyFigures>;
  copies: Record<string, CopyCounts>;
  /** Per budget: share of the chosen that have any fault. */
  precision: number[];
  strata: Record<string, { items: number; faulty: number }>;
  sound: number;
  alarms: Partial<Record<Finding, number>>;
  /** Of label risk: where the seed's labels are right, and where some are wrong. */
  calibration: { clean: CalibrationFigures; noisySeed: CalibrationFigures };
}

/**
 * Adds the rounds of a world up. `chooseOnly` leaves out every family that is for report only, from the sums too, so
 * that nothing can be read off by subtraction; it throws on a world that is for report only.
 */
export function worldFigures(
  world: WorldId,
  rounds: readonly { noisySeed: boolean; figures: RoundFigures }[],
  chooseOnly: boolean,
): WorldFigures {
  if (chooseOnly && purposeOf(WORLDS, world) === 'report')
    throw new RangeError(`"${world}" is for report only: nothing may be chosen on it`);
  const all = rounds.map(({ figures }) => (chooseOnly ? withoutReported(figures) : figures));
  const families = addUp(
    all.map((figures) => figures.families),
    addCounts,
  );
  const counts = Object.entries(families);
  const sum = (pick: (family: string) => boolean): FamilyFigures =>
    asFigures(counts.filter(([family]) => pick(family)).map(([, each]) => each));
  const chosen = all.map((figures) => figures.chosen);
  const budgets = chosen[0]?.items.map((_, b) => b) ?? [];
  const total = (of: (each: (typeof chosen)[number]) => number): number =>
    chosen.reduce((so, each) => so + of(each), 0);
  return {
    world,
    purpose: purposeOf(WORLDS, world),
    files: all.reduce((so, { files }) => so + files, 0),
    families: Object.fromEntries(counts.map(([family, each]) => [family, asFigures([each])])),
    sums: {
      labels: sum(isLabelFault),
      others: sum((family) => !isLabelFault(family)),
      all: sum(() => true),
    },
    copies: addUp(
      all.map((figures) => figures.copies),
      addCopies,
    ),
    precision: budgets.map((b) => total(({ faulty }) => faulty[b]!) / total(({ items }) => items[b]!)),
    strata: addUp(
      chosen.map(({ strata }) => strata),
      (a, b) => ({
        items: a.items + b.items,
        faulty: a.faulty + b.faulty,
      }),
    ),
    sound: all.reduce((so, { sound }) => so + sound, 0),
    alarms: addUp(
      all.map(({ alarms }) => alarms as Record<string, number>),
      (a, b) => a + b,
    ),
    calibration: {
      clean: calibrationOf(rounds.filter(({ noisySeed }) => !noisySeed)),
      noisySeed: calibrationOf(rounds.filter(({ noisySeed }) => noisySeed)),
    },
  };
}

function addUp<T>(parts: readonly Record<string, T>[], add: (a: T, b: T) => T): Record<string, T> {
  const whole: Record<string, T> = {};
  for (const part of parts)
    for (const [key, value] of Object.entries(part))
      whole[key] = whole[key] === undefined ? value : add(whole[key], value);
  return whole;
}

const addLists = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => value + b[i]!);

const addCounts = (a: Counts, b: Counts): Counts => ({
  put: a.put + b.put,
  queue: addLists(a.queue, b.queue),
  random: addLists(a.random, b.random),
  scores: addUp([a.scores, b.scores], addLists),
});

const addCopies = (a: CopyCounts, b: CopyCounts): CopyCounts => ({
  put: a.put + b.put,
  found: a.found + b.found,
  original: a.original + b.original,
  queued: a.queued + b.queued,
  as: addUp([a.as, b.as], (x, y) => x + y),
});

function asFigures(parts: readonly Counts[]): FamilyFigures {
  if (parts.length === 0)
    return { put: 0, queue: [], random: [], labelRisk: [], entropy: [], best: { score: '', found: [] } };
  const { put, queue, random, scores } = parts.reduce(addCounts);
  const nothing = queue.map(() => 0);
  const [score, found] = Object.entries(scores).reduce(
    (best, next) => (next[1].at(-1)! > best[1].at(-1)! ? next : best),
    ['', nothing] as [string, number[]],
  );
  return {
    put,
    queue,
    random,
    labelRisk: scores['label-risk'] ?? nothing,
    entropy: scores['entropy'] ?? nothing,
    best: { score, found },
  };
}

function calibrationOf(rounds: readonly { figures: RoundFigures }[]): CalibrationFigures {
  const bins = rounds
    .map(({ figures }) => figures.calibration.bins)
    .reduce<Calibration['bins']>(
      (so, next) =>
        next.map((bin, i) => ({
          images: bin.images + (so[i]?.images ?? 0),
          risk: bin.risk + (so[i]?.risk ?? 0),
          wrong: bin.wrong + (so[i]?.wrong ?? 0),
        })),
      [],
    );
  const sum = (of: (bin: Calibration['bins'][number]) => number): number =>
    bins.reduce((so, bin) => so + of(bin), 0);
  const images = sum((bin) => bin.images);
  return {
    images,
    error: calibrationError({ images, bins }),
    meanRisk: sum(({ risk }) => risk) / Math.max(1, images),
    shareWrong: sum(({ wrong }) => wrong) / Math.max(1, images),
  };
}

/** Without the families that are for report only. */
function withoutReported(figures: RoundFigures): RoundFigures {
  const pick = <T>(record: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(record).filter(([family]) => purposeOf(FAMILIES, family) === 'choose'));
  return { ...figures, families: pick(figures.families), copies: pick(figures.copies) };
}
