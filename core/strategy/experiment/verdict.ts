import {
  DESIGN_WORDS,
  learnerTitle,
  mainWords,
  type DesignVerdict,
  type Interval,
  type LearnerResult,
  type Measured,
} from '../../../rpc/contract/experiments.ts';
import { counted, integer, percent, uncapitalised } from '../../../rpc/format.ts';

/** A difference in accuracy, or mAP, in points: `-1.3 points (-2.0 to -0.6)`. */
export function points({ value, interval }: Measured): string {
  if (value === null) return 'unknown';
  return `${signed(value)} points${interval ? ` (${ends(interval)})` : ''}`;
}

const signed = (share: number): string => {
  const text = (100 * share).toFixed(1);
  return Number(text) > 0 ? `+${text}` : Number(text) === 0 ? '0.0' : text;
};
const ends = ([low, high]: Interval): string => `${signed(low)} to ${signed(high)}`;

/** Why a row of shares ends, or null. */
function endWords({ end, isTooSmall }: DesignVerdict, holdout: number, margin: number): string | null {
  if (!end) return null;
  const share = percent(end.share, 0);
  if (end.standing === 'inferior') return `${share} is inferior: ${points(end.difference)}.`;
  if (!isTooSmall) return `At ${share} it cannot be told: ${points(end.difference)} is near the margin.`;
  const needed =
    end.holdoutNeeded === null
      ? 'and the trainings vary too much for a larger one to help: train each arm more often'
      : `about ${integer(end.holdoutNeeded)} are needed`;
  return `At ${share} the hold-out of ${counted(holdout, 'image')} is too small to tell: it shows differences of ${(100 * end.leastEffect).toFixed(1)} points or more, and the margin is ${(100 * margin).toFixed(1)}; ${needed}.`;
}

/** What a design says, in two sentences or three. */
function designWords(verdict: DesignVerdict, holdout: number, margin: number): string {
  const { design, size, largest, source } = verdict;
  const { title, fixed } = DESIGN_WORDS[design];
  const state = source === 'generated' ? ', as generated' : '';
  const head =
    largest === null
      ? verdict.isTooSmall
        ? `no share of synthetic images is shown to be not inferior`
        : `no share of synthetic images is within ${(100 * margin).toFixed(1)} points of real images alone`
      : `up to ${percent(largest, 0)} synthetic is not inferior to real images alone by more than ${(100 * margin).toFixed(1)} points`;
  const end = endWords(verdict, holdout, margin);
  return `${title} (${integer(size)} ${fixed}${state}): ${head}.${end ? ` ${end}` : ''}`;
}

/** What one learner says: of each design as verified, or as generated where nothing is reviewed, and the rest. */
export function verdictOf(
  learner: Omit<LearnerResult, 'verdict'>,
  holdout: number,
  margin: number,
): string[] {
  const { verdicts, review, control, next } = learner;
  const shown = verdicts.filter(
    ({ design, source }) =>
      source === 'verified' || !verdicts.some((each) => each.design === design && each.source === 'verified'),
  );
  return [
    ...(control && !control.loses
      ? [
          `Shuffled labels do not lose (${points(control.difference)}): this experiment cannot see wrong labels, so nothing it says should be relied on.`,
        ]
      : []),
    ...shown.map((verdict) => designWords(verdict, holdout, margin)),
    ...(review
      ? [`Review is worth ${points(review.mean)} of ${mainWords(learner)}, on average over the ratios.`]
      : []),
    ...nextWords(next),
  ];
}

function nextWords({ real, synthetic }: LearnerResult['next']): string[] {
  const parts = [
    ...(real ? [`the next ${integer(real.images)} real labels would buy ${points(real.gain)}`] : []),
    ...(synthetic
      ? [`${integer(synthetic.images)} synthetic images beside all real ones ${points(synthetic.gain)}`]
      : []),
  ];
  if (parts.length === 0) return [];
  const text = parts.join('; ');
  return [`${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`];
}

/** The answer of several learners: the share that every one of them allows. */
export function overallVerdict(
  learners: readonly LearnerResult[],
  holdout: number,
  margin: number,
): string[] {
  const [only] = learners;
  if (learners.length === 1) return only!.verdict;
  const broken = learners.filter(({ control }) => control && !control.loses);
  const cautious = (['same-total', 'same-real'] as const).flatMap((design) => {
    const said = learners.flatMap(({ learner, verdicts }) => {
      const own = verdicts.filter((verdict) => verdict.design === design);
      const verdict = own.find(({ source }) => source === 'verified') ?? own[0];
      return verdict ? [{ learner, verdict }] : [];
    });
    if (said.length === 0) return [];
    const least = said.reduce((a, b) => ((b.verdict.largest ?? -1) < (a.verdict.largest ?? -1) ? b : a));
    const isAgreed = said.every(({ verdict }) => verdict.largest === least.verdict.largest);
    const by = isAgreed
      ? ''
      : ` So says the ${uncapitalised(learnerTitle(least.learner))}, the most cautious learner.`;
    return [`${designWords(least.verdict, holdout, margin)}${by}`];
  });
  return [
    ...broken.map(
      ({ learner, control }) =>
        `Shuffled labels do not lose with the ${uncapitalised(learnerTitle(learner))} (${points(control!.difference)}): what it says should not be relied on.`,
    ),
    ...cautious,
    ...learners.map(({ learner, review, next }) =>
      [
        `${learnerTitle(learner)}:`,
        ...(review ? [`review is worth ${points(review.mean)};`] : []),
        uncapitalised(nextWords(next).join(' ')),
      ].join(' '),
    ),
  ];
}
