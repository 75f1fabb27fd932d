import type { RealChanges } from '../../../db/queries/plans.ts';
import {
  learnerTitle,
  mainWords,
  primaryOf,
  type ArmResult,
  type DesignVerdict,
  type Experiment,
  type LearnerResult,
} from '../../../rpc/contract/experiments.ts';
import { AssayError } from '../../../rpc/errors.ts';
import { counted, integer, percent, uncapitalised } from '../../../rpc/format.ts';
import { points } from '../experiment/verdict.ts';
import type { ClassStock } from '../stock.ts';

/** What an experiment says pays beside all real images. */
export interface Pays {
  kind: 'experiment';
  experiment: number;
  /** Share of synthetic images in all; 0 where none pays. */
  share: number;
  /** Part of the images of each class that real images alone miss; null of an experiment that did not record it. */
  missed: ReadonlyMap<string, number> | null;
  /** Part of all hold-out images that is missed, which stands for classes without any. */
  missedOfAll: number;
  /** What the numbers rest on, in sentences. */
  notes: string[];
}

/** As many images as the error of all classes counts among those of one, so that a class of three is no extreme. */
const PRIOR_IMAGES = 2;

/**
 * The share of synthetic images that pays, by the most cautious learner and the design that adds to all real images: the
 * largest of those that are not inferior whose accuracy is not surely below that of real images alone. Throws `NOT_READY`
 * naming the remedy where the experiment cannot tell.
 */
export function paysOf({ id, results }: Experiment): Pays {
  const { learners, options, data } = results;
  const refuse = (why: string): never => {
    throw new AssayError('NOT_READY', `Experiment ${id} does not say what pays: ${why}`);
  };
  if (learners.some(({ control }) => control && !control.loses))
    refuse(
      'its shuffled labels do not lose, so it cannot see wrong labels. Import more hold-out images and run it again.',
    );
  const said = learners.flatMap((learner) => {
    const own = learner.verdicts.filter(({ design }) => design === 'same-real');
    const verdict = own.find(({ source }) => source === 'verified') ?? own[0];
    return verdict ? [{ learner, verdict }] : [];
  });
  const [first] = said;
  if (!first)
    return refuse(
      'no arm of it adds synthetic images to all real ones. Run it again with a ratio between 100:0 and 0:100 such as 80:20.',
    );
  const { learner, verdict } = said.reduce(
    (a, b) => ((b.verdict.largest ?? -1) < (a.verdict.largest ?? -1) ? b : a),
    first,
  );
  const { largest, end } = verdict;
  if (largest === null && end && end.standing !== 'inferior')
    refuse(
      `the hold-out of ${counted(data.holdout, 'image')} is too small to tell at ${percent(end.share, 0)} synthetic (${points(end.difference)}, and the margin is ${(100 * options.margin).toFixed(1)}). ${
        end.holdoutNeeded === null
          ? 'Run it again with more trainings at the largest size.'
          : end.holdoutNeeded > data.holdout
            ? `About ${integer(end.holdoutNeeded)} hold-out images tell: import more and run it again.`
            : 'Import more hold-out images, or set a wider margin, and run it again.'
      }`,
    );
  const arm = payingArm(learner, verdict);
  const alone = learner.arms.find(({ source, size }) => source === null && size === verdict.size)!;
  const missed = missedBy(alone, learner.tested, data.classes);
  return {
    kind: 'experiment',
    experiment: id,
    share: arm ? 1 - arm.realShare : 0,
    ...missed,
    notes: notesOf(id, learner, verdict, arm, missed.missed !== null),
  };
}

/** The arm with the largest share in the row of those that are not inferior which does not surely lose; null for none. */
function payingArm(learner: LearnerResult, { design, source, size, largest }: DesignVerdict) {
  if (largest === null) return null;
  const main = primaryOf(learner);
  return (
    learner.arms
      .filter((arm) => arm.design === design && arm.source === source && arm.size === size)
      .filter(({ realShare, against }) => {
        const best = against?.differences[main].interval?.[1] ?? 0;
        return 1 - realShare <= largest + 1e-9 && best >= 0;
      })
      .sort((a, b) => a.realShare - b.realShare)[0] ?? null
  );
}

function missedBy(
  { recalls }: ArmResult,
  tested: readonly number[] | undefined,
  classes: readonly string[],
): Pick<Pays, 'missed' | 'missedOfAll'> {
  if (!recalls || !tested) return { missed: null, missedOfAll: 0 };
  const missed = recalls.map((recall, k) => (recall === null ? 0 : (1 - recall) * tested[k]!));
  const images = tested.reduce((sum, count) => sum + count, 0);
  const missedOfAll = missed.reduce((sum, count) => sum + count, 0) / images;
  return {
    missedOfAll,
    missed: new Map(
      classes.map((name, k) => [
        name,
        (missed[k]! + PRIOR_IMAGES * missedOfAll) / (tested[k]! + PRIOR_IMAGES),
      ]),
    ),
  };
}

function notesOf(
  id: number,
  result: LearnerResult,
  { size, source }: DesignVerdict,
  arm: ArmResult | null,
  knowsClasses: boolean,
): string[] {
  const { learner, next } = result;
  const by = `experiment ${id}, by the ${uncapitalised(learnerTitle(learner))} on ${counted(size, 'real image')}`;
  const worth = next.real
    ? ` The next ${integer(next.real.images)} real labels would gain ${points(next.real.gain)}, by the learning curve.`
    : '';
  const shares = knowsClasses
    ? 'Synthetic images are shared by what real ones alone miss of each class.'
    : 'It has no recall of each class (it is of boxes, or an older one), so synthetic images are shared as the real ones are.';
  return arm
    ? [
        `${percent(1 - arm.realShare, 0)} synthetic ${source === 'verified' ? 'and verified' : 'as generated'} beside all real images changed ${mainWords(result)} by ${points(arm.against!.differences[primaryOf(result)])} in ${by}.${worth} ${shares}`,
      ]
    : [
        `No share of synthetic images pays in ${by}: each is inferior or loses ${mainWords(result)}, so none is asked for.${worth}`,
      ];
}

/** What has changed among the real images since an experiment, as a sentence; null where nothing has. */
export function changedSince(id: number, { real, holdout, decided }: RealChanges): string | null {
  const parts = [
    ...(real > 0 ? [`${counted(real, 'real image')} came in`] : []),
    ...(holdout > 0 ? [`${counted(holdout, 'hold-out image')} came in`] : []),
    ...(decided > 0
      ? [`${counted(decided, 'real or hold-out image was', 'real or hold-out images were')} decided`]
      : []),
  ];
  return parts.length === 0
    ? null
    : `Since experiment ${id}, ${parts.join(', ')}: what it says may no longer hold. Run it again and set the target anew.`;
}

/**
 * Real and usable images that are wanted of each class: beside the real ones as many synthetic ones in all as have the
 * share, shared by what is missed of each class. A class that has more than its part already keeps them, and the others
 * share what is left, so that the total is never above what was measured.
 */
export function duesByExperiment(
  { share, missed, missedOfAll }: Pays,
  stock: readonly ClassStock[],
): Map<string, number> {
  const real = stock.reduce((sum, item) => sum + item.real, 0);
  const total = (real * share) / (1 - share);
  const weights = new Map(
    stock.map((item) => [
      item.name,
      // A class without a single image is a name, not yet part of the task.
      item.real + item.usable === 0 ? 0 : missed ? (missed.get(item.name) ?? missedOfAll) : item.real,
    ]),
  );
  const sum = (of: readonly ClassStock[], value: (item: ClassStock) => number): number =>
    of.reduce((all, item) => all + value(item), 0);
  const weightOf = ({ name }: ClassStock): number => weights.get(name)!;
  let sharing = stock.filter((item) => weightOf(item) > 0);
  let left = total - sum(stock, ({ usable }) => usable) + sum(sharing, ({ usable }) => usable);
  let each = 0;
  for (;;) {
    each = Math.max(0, left) / sum(sharing, weightOf);
    const full = sharing.filter((item) => item.usable > each * weightOf(item));
    if (full.length === 0) break;
    left -= sum(full, ({ usable }) => usable);
    sharing = sharing.filter((item) => !full.includes(item));
  }
  const wanting = new Set(sharing.map(({ name }) => name));
  return new Map(
    stock.map((item) => [
      item.name,
      item.real + (wanting.has(item.name) ? each * weightOf(item) : item.usable),
    ]),
  );
}
