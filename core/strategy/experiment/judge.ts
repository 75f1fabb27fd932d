import type { Primary } from '../../../rpc/contract/experiments.ts';
import type { Sampled, Scorer } from './bootstrap.ts';
import { ScoredBoxes, type Detections, type TrueBox } from './mean-ap.ts';
import { Scored, weigh, type Answers, type Weighed } from './metrics.ts';
import { majority, spreadOf, varianceOf, type Spread } from './tests.ts';

/** What the answers of models are held against, and how. `Weights` is what they are scored under. */
export interface Judge<Answer, Weights = unknown> {
  /** The metric that arms are compared by. */
  primary: Primary;
  images: number;
  weigh: (counts: Uint16Array) => Weights;
  scorer: (answer: Answer) => Scorer<Weights>;
  /** Where the variance of a difference between two models is from; `difference` is that of the metric. */
  spread: (one: readonly Answer[], other: readonly Answer[], difference: Sampled) => Spread;
  /** Images that only one of two models gets right by most of its trainings; null where none is right or wrong. */
  won: (one: readonly Answer[], other: readonly Answer[]) => { better: number; worse: number } | null;
  /** Images of each class, and the recall of each over some trainings; null where there are none. */
  tested: number[] | null;
  recalls: (answers: readonly Answer[]) => (number | null)[] | null;
}

/** Classes of the hold-out images. */
export function classJudge(truth: Int32Array, classes: number): Judge<Answers, Weighed> {
  const tested = Array<number>(classes).fill(0);
  for (const k of truth) tested[k]!++;
  return {
    primary: 'accuracy',
    images: truth.length,
    weigh: (counts) => weigh(truth, classes, counts),
    scorer: (answers) => new Scored(answers, truth, classes),
    spread: (one, other) => spreadOf(one, other, truth),
    won(one, other) {
      const [own, others] = [majority(one), majority(other)];
      let [better, worse] = [0, 0];
      for (let i = 0; i < truth.length; i++) {
        const [isRight, wasRight] = [own[i] === truth[i], others[i] === truth[i]];
        if (isRight && !wasRight) better++;
        if (!isRight && wasRight) worse++;
      }
      return { better, worse };
    },
    tested,
    recalls(answers) {
      const right = tested.map(() => 0);
      for (const { predicted } of answers) truth.forEach((k, i) => (right[k]! += Number(predicted[i] === k)));
      return tested.map((images, k) => (images === 0 ? null : right[k]! / (images * answers.length)));
    },
  };
}

/** True boxes of the hold-out images. */
export function boxJudge(
  truths: readonly (readonly TrueBox[])[],
  classes: number,
): Judge<Detections, Uint16Array> {
  const every = new Uint16Array(truths.length).fill(1);
  const valueOf = (answer: Detections): number =>
    new ScoredBoxes(answer, truths, classes).score(every).meanAp ?? 0;
  return {
    primary: 'meanAp',
    images: truths.length,
    weigh: (counts) => counts,
    scorer: (answer) => new ScoredBoxes(answer, truths, classes),
    // mAP is no mean over images: the bootstrap has the whole variance, the trainings on the same images their part.
    spread(one, other, { draws }) {
      const bySeed = Float64Array.from(one, (answer, s) => valueOf(answer) - valueOf(other[s]!));
      const seeds = varianceOf(bySeed) / bySeed.length;
      const images = Math.max(0, varianceOf(draws.filter((draw) => !Number.isNaN(draw))) - seeds);
      return { image: images * truths.length, seeds, certainSeeds: seeds, images: truths.length };
    },
    won: () => null,
    tested: null,
    recalls: () => null,
  };
}
