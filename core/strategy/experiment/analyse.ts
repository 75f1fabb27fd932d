import {
  METRICS,
  type Against,
  type Arm,
  type ArmResult,
  type ArmSource,
  type Design,
  type DesignVerdict,
  type LearnerResult,
  type Measured,
  type Primary,
} from '../../../rpc/contract/experiments.ts';
import { streamOf } from '../../base/numeric/random.ts';
import { intervalOf, meanOf, minus, resample, type Sampled, type SampledMetrics } from './bootstrap.ts';
import type { Options } from './grid.ts';
import type { Judge } from './judge.ts';
import { between, errorAt, fitPowerLaw, type PowerLaw } from './learning-curve.ts';
import { holm, holdoutNeeded, leastEffect, mcnemarExact, standingOf } from './tests.ts';
import { verdictOf } from './verdict.ts';

type Wish = Pick<Options, 'margin' | 'draws' | 'seed' | 'ahead'>;

/** An arm with what was measured of it; `main` is the metric that arms are compared by. */
interface Trained<Answer = unknown> {
  arm: Arm;
  answers: readonly Answer[];
  sampled: SampledMetrics;
  main: Sampled;
}

const measured = (sampled: Sampled): Measured =>
  Number.isNaN(sampled.value)
    ? { value: null, interval: null }
    : { value: sampled.value, interval: intervalOf(sampled.draws) };

/** What the answers of one learner come to. `answers[a][s]` are those of arm a at seed s, for the images of the judge. */
export function analyse<Answer, Weights>(
  who: Pick<LearnerResult, 'learner' | 'isOwn' | 'penalty'>,
  arms: readonly Arm[],
  answers: readonly (readonly Answer[])[],
  judge: Judge<Answer, Weights>,
  { margin, draws, seed, ahead }: Wish,
  onDraw?: (draw: number) => void,
): LearnerResult {
  const { primary, images, tested } = judge;
  const scorers = answers.map((trainings) => trainings.map(judge.scorer));
  const sampled = resample(scorers, images, judge.weigh, draws, streamOf(seed, 'bootstrap'), onDraw);
  const trained = arms.map((arm, a) => ({
    arm,
    answers: answers[a]!,
    sampled: sampled[a]!,
    main: sampled[a]![primary],
  }));
  const reals = new Map(trained.filter(isReal).map((each) => [each.arm.size, each]));

  const results = trained.map((one): ArmResult => {
    // Real images alone at the arm's size.
    const reference = isReal(one) ? undefined : reals.get(one.arm.size);
    const recalls = judge.recalls(one.answers);
    return {
      ...one.arm,
      metrics: Object.fromEntries(
        METRICS.map((metric) => [metric, measured(one.sampled[metric])]),
      ) as ArmResult['metrics'],
      ...(recalls && { recalls }),
      against: reference ? compare(one, reference, judge, margin) : null,
    };
  });
  correct(results);

  const verdicts = (['same-total', 'same-real'] as const).flatMap((design) =>
    (['verified', 'generated'] as const).flatMap((source) =>
      designVerdict(results, { design, source }, primary, margin),
    ),
  );
  const found = {
    ...who,
    primary,
    ...(tested && { tested }),
    arms: results,
    verdicts,
    review: reviewOf(trained),
    control: controlOf(trained),
    ...curveOf(trained, ahead),
  };
  return { ...found, verdict: verdictOf(found, images, margin) };
}

const isReal = ({ arm }: Trained): boolean => arm.source === null;

function compare<Answer, Weights>(
  one: Trained<Answer>,
  reference: Trained<Answer>,
  judge: Judge<Answer, Weights>,
  margin: number,
): Against {
  const differences = Object.fromEntries(
    METRICS.map((metric) => [metric, measured(minus(one.sampled[metric], reference.sampled[metric]))]),
  ) as Against['differences'];
  const main = minus(one.main, reference.main);
  const spread = judge.spread(one.answers, reference.answers, main);
  const won = judge.won(one.answers, reference.answers);
  const p = won && mcnemarExact(won.better, won.worse);
  return {
    differences,
    standing: standingOf(intervalOf(main.draws)!, judge.images, margin),
    p: (1 + main.draws.filter((draw) => draw <= -margin).length) / (1 + main.draws.length),
    leastEffect: leastEffect(spread),
    holdoutNeeded: holdoutNeeded(spread, margin),
    mcnemar: won && p !== null ? { ...won, p, holm: p } : null,
  };
}

/** Corrects the p-values of every pair of the grid together. */
function correct(results: readonly ArmResult[]): void {
  const pairs = results.flatMap(({ against }) => against?.mcnemar ?? []);
  const adjusted = holm(pairs.map(({ p }) => p));
  pairs.forEach((pair, i) => (pair.holm = adjusted[i]!));
}

/**
 * The largest share of synthetic images that is not inferior, of the largest size. Shares are tested from the smallest on
 * and the first that fails ends it, which keeps the error of the whole row at that of one test (Maurer, Hothorn and
 * Lehmacher 1995, fixed sequence).
 */
function designVerdict(
  results: readonly ArmResult[],
  { design, source }: { design: Design; source: Exclude<ArmSource, 'shuffled'> },
  primary: Primary,
  margin: number,
): DesignVerdict[] {
  const own = results.filter((arm) => arm.design === design && arm.source === source);
  const size = Math.max(...own.map((arm) => arm.size));
  const row = own.filter((arm) => arm.size === size && arm.against).sort((a, b) => b.realShare - a.realShare);
  const alone = results.find((arm) => arm.source === null && arm.size === size);
  if (row.length === 0 || !alone) return [];
  const ends = row.findIndex(({ against }) => against!.standing !== 'not-inferior');
  const kept = ends < 0 ? row : row.slice(0, ends);
  const best = [alone, ...row].reduce((a, b) =>
    b.metrics[primary].value! > a.metrics[primary].value! ? b : a,
  );
  const last = row[ends];
  const end = last
    ? {
        share: 1 - last.realShare,
        standing: last.against!.standing,
        difference: last.against!.differences[primary],
        leastEffect: last.against!.leastEffect,
        holdoutNeeded: last.against!.holdoutNeeded,
      }
    : null;
  return [
    {
      design,
      source,
      size,
      largest: kept.length > 0 ? 1 - kept.at(-1)!.realShare : null,
      best: 1 - best.realShare,
      end,
      isTooSmall: end !== null && end.standing === 'unclear' && end.leastEffect > margin,
    },
  ];
}

function reviewOf(trained: readonly Trained[]): LearnerResult['review'] {
  const total = trained.filter(({ arm }) => arm.design === 'same-total');
  const size = Math.max(...total.map(({ arm }) => arm.size));
  const gains = total.flatMap((one) => {
    if (one.arm.size !== size || one.arm.source !== 'verified') return [];
    const raw = total.find(
      ({ arm }) => arm.source === 'generated' && arm.size === size && arm.realShare === one.arm.realShare,
    );
    return raw ? [{ realShare: one.arm.realShare, gain: minus(one.main, raw.main) }] : [];
  });
  if (gains.length === 0) return null;
  return {
    shares: gains.map(({ realShare, gain }) => ({ realShare, gain: measured(gain) })),
    mean: measured(meanOf(gains.map(({ gain }) => gain))),
  };
}

function controlOf(trained: readonly Trained[]): LearnerResult['control'] {
  const control = trained.find(({ arm }) => arm.source === 'shuffled');
  const same = trained.find(
    ({ arm }) =>
      control &&
      arm.source === 'generated' &&
      arm.design === control.arm.design &&
      arm.size === control.arm.size &&
      arm.realShare === control.arm.realShare,
  );
  if (!control || !same) return null;
  const difference = minus(control.main, same.main);
  const interval = intervalOf(difference.draws)!;
  return {
    arm: control.arm.id,
    against: same.arm.id,
    difference: measured(difference),
    loses: interval[1] < 0,
  };
}

const errorOf = ({ value, draws }: Sampled): Sampled => ({
  value: 1 - value,
  draws: draws.map((draw) => 1 - draw),
});

/** The learning curve of real images alone, and what more images of either kind would buy. */
function curveOf(trained: readonly Trained[], ahead: Wish['ahead']): Pick<LearnerResult, 'curve' | 'next'> {
  const points = trained
    .filter(isReal)
    .map(({ arm, main }) => ({ images: arm.size, error: errorOf(main) }))
    .sort((a, b) => a.images - b.images);
  const images = points.map((point) => point.images);
  const most = images.at(-1)!;
  const law = fitPowerLaw(
    images,
    points.map(({ error }) => error.value),
  );
  const laws = law
    ? Array.from(points[0]!.error.draws, (_, draw) =>
        fitPowerLaw(
          images,
          points.map(({ error }) => error.draws[draw]!),
        ),
      )
    : [];
  const along = (of: (curve: PowerLaw) => number): Sampled => ({
    value: of(law!),
    draws: Float64Array.from(laws, (each) => of(each!)),
  });
  const at = (count: number) => ({ images: count, error: measured(along((curve) => errorAt(curve, count))) });
  return {
    curve: {
      points: points.map(({ images: count, error }) => ({ images: count, error: measured(error) })),
      law,
      ahead: law
        ? [at(most + ahead.real), at(2 * most), at(4 * most)].sort((a, b) => a.images - b.images)
        : [],
    },
    next: {
      real: law && {
        images: ahead.real,
        gain: measured(along((curve) => errorAt(curve, most) - errorAt(curve, most + ahead.real))),
      },
      synthetic: syntheticNext(trained, most, ahead.synthetic),
    },
  };
}

/** What synthetic images add to all the real ones: as verified where they are, else as generated. */
function syntheticNext(
  trained: readonly Trained[],
  size: number,
  wanted: number,
): LearnerResult['next']['synthetic'] {
  const alone = trained.find((one) => isReal(one) && one.arm.size === size)!;
  const added = trained.filter(({ arm }) => arm.design === 'same-real' && arm.size === size);
  const source = added.some(({ arm }) => arm.source === 'verified') ? 'verified' : 'generated';
  const row = [alone, ...added.filter(({ arm }) => arm.source === source)].sort(
    (a, b) => a.arm.synthetic - b.arm.synthetic,
  );
  if (row.length < 2) return null;
  const counts = row.map(({ arm }) => arm.synthetic);
  const count = Math.min(wanted, counts.at(-1)!);
  const gains = row.map(({ main }) => minus(main, alone.main));
  const pick = (of: (gain: Sampled) => number): number => between(counts, gains.map(of), count);
  return {
    images: count,
    gain: measured({
      value: pick(({ value }) => value),
      draws: alone.main.draws.map((_, draw) => pick(({ draws }) => draws[draw]!)),
    }),
  };
}
