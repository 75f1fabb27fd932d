import type { ModelQuality } from '../../../rpc/contract/label-model.ts';
import type { LabelReport } from '../../../rpc/contract/scores.ts';
import { rateInterval } from '../../base/numeric/special.ts';

const CONFIDENCE = 0.95;

/**
 * How well the label model predicts the given classes of one role's images: its accuracy with Clopper and Pearson's
 * interval, class by class, what it takes a class for, and whether its probabilities mean what they say. The expected
 * calibration error is sum n_b / n |mean probability - share right| over 10 equal bins of the highest probability (Naeini
 * et al. 2015). Null in runs of versions that did not count every image. Of synthetic images it says how far they agree
 * with the model, not how good the model is.
 */
export function modelQuality(report: LabelReport): ModelQuality | null {
  const { role, predicted, calibration = null } = report;
  if (!predicted) return null;
  const classes = report.classes.map(({ name }) => ({ name, images: 0, right: 0, taken: [] as Taken[] }));
  for (const [given, taken, images] of predicted) {
    const own = classes[given]!;
    own.images += images;
    if (given === taken) own.right += images;
    else own.taken.push({ name: classes[taken]!.name, images });
  }
  const images = sum(classes.map((one) => one.images));
  const right = sum(classes.map((one) => one.right));
  if (images === 0) return null;
  return {
    role,
    images,
    right,
    interval: rateInterval(right, images, CONFIDENCE),
    classes: classes
      .filter((one) => one.images > 0)
      .map(({ taken, ...one }) => ({
        ...one,
        interval: rateInterval(one.right, one.images, CONFIDENCE),
        taken: taken.toSorted((a, b) => b.images - a.images)[0] ?? null,
      })),
    calibration: calibration && {
      bins: calibration,
      error: sum(calibration.map((bin) => Math.abs(bin.stated - bin.right))) / images,
    },
  };
}

interface Taken {
  name: string;
  images: number;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
