import type { LabelReport, WrongShare } from '../../../rpc/contract/scores.ts';
import { rateInterval } from '../../base/numeric/special.ts';

/** Label risk over the images given a class: how many, the sum of their risks, and of risk (1 - risk). */
export interface ClassRisk {
  images: number;
  sum: number;
  variance: number;
}

const CONFIDENCE = 0.95;
/** Normal quantile for it. */
const Z = 1.96;
/** The mean risk is taken to be off by up to this factor (docs/methods/label-risk.md: 1.0 to 2.1 in a world). */
const OFF_BY = 2;
/** Where the model counts more real images of a class than this as another one, it does not know the class. */
const WEAK = 0.2;
/** Where it counts more than this of a batch's class as another one, the class as a whole is elsewhere. */
const WHOLE = 1 / 3;

/**
 * The share of wrong labels in a class, from two sides: the mean label risk, which knows how a batch differs from the
 * real images, and the share of images that the model of the real images confidently counts as another class. The
 * interval holds both: the risk's, for chance and for being off by a factor of 2, and Clopper and Pearson's of the count.
 *
 * It cannot be told where the model does not know the class among the real images (`weak`), or where the two contradict
 * each other or over a third counts as another class (`shifted`): then a class that looks unlike its real images and
 * one that is mislabelled cannot be told apart from here.
 *
 * @param row images of the class by the class that they are confidently counted as
 * @param own the index of the class in it
 * @param realNoise the share of real images given the class that count as another one; null where none is counted
 */
export function wrongShare(
  row: readonly number[],
  own: number,
  risk: ClassRisk,
  realNoise: number | null,
): WrongShare {
  const share = risk.sum / risk.images;
  const chance = (Z * Math.sqrt(risk.variance)) / risk.images;
  const byRisk = [Math.max(0, share / OFF_BY - chance), Math.min(1, share * OFF_BY + chance)] as const;
  const counted = row.reduce((sum, images) => sum + images, 0);
  const others = counted - row[own]!;
  const byCount = counted === 0 ? ([0, 1] as const) : rateInterval(others, counted, CONFIDENCE);
  const contradict = byRisk[1] < byCount[0] || byCount[1] < byRisk[0];
  const untold = (realNoise ?? 0) > WEAK ? 'weak' : contradict || others > WHOLE * counted ? 'shifted' : null;
  return {
    share,
    interval: untold ? null : [Math.min(byRisk[0], byCount[0]), Math.max(byRisk[1], byCount[1])],
    untold,
  };
}

/** The report with the share of wrong labels by label risk, class by class and of all. */
export function withRisk(
  report: LabelReport,
  risks: ReadonlyMap<number, ClassRisk>,
  real: LabelReport | undefined,
): LabelReport {
  let images = 0;
  let sum = 0;
  const classes = report.classes.map((of, k) => {
    const risk = risks.get(k);
    if (!risk) return of;
    images += risk.images;
    sum += risk.sum;
    return { ...of, wrong: wrongShare(report.confusion[k]!, k, risk, real?.classes[k]?.noise ?? null) };
  });
  return { ...report, classes, risk: images === 0 ? null : sum / images };
}
