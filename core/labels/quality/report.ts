import type { LabelReport } from '../../../rpc/contract/scores.ts';
import type { Role } from '../../../rpc/contract/terms.ts';
import { rateInterval } from '../../review/audit/audit.ts';
import { calibrated, classThresholds, confidentJoint, noiseOf } from './confident-joint.ts';
import { ISSUE_FILTERS, labelIssues } from './label-issues.ts';
import { classCounts, type Labelled } from './labelled.ts';

const CONFIDENCE = 0.95;

/**
 * What the probabilities say of the labels of one role: who is given as what and taken for what, how noisy each class
 * is, and how many labels each filter would call wrong. The interval of a class's noise is Clopper and Pearson's for the
 * images counted confidently: it holds what chance does to the count, not what the model gets wrong.
 */
export function labelReport(
  labelled: Labelled,
  names: string[],
  role: Role,
  of: number,
  predicted: LabelReport['predicted'] = null,
): LabelReport {
  const { classes, given } = labelled;
  const thresholds = classThresholds(labelled);
  const joint = confidentJoint(labelled, thresholds);
  const counts = classCounts(labelled);
  const noise = noiseOf(calibrated(joint, counts));
  const confusion = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0));
  const counted = new Int32Array(classes);
  const other = new Int32Array(classes);
  given.forEach((label, row) => {
    const guess = joint.guess[row]!;
    if (guess < 0) return;
    confusion[label]![guess]!++;
    counted[label]!++;
    if (guess !== label) other[label]!++;
  });
  return {
    role,
    images: given.length,
    of,
    classes: names.map((name, k) => ({
      name,
      given: counts[k]!,
      trueShare: noise.truePriors[k]!,
      threshold: counts[k] === 0 ? null : thresholds[k]!,
      noise: counted[k] === 0 ? null : other[k]! / counted[k]!,
      noiseInterval: counted[k] === 0 ? null : rateInterval(other[k]!, counted[k]!, CONFIDENCE),
    })),
    confusion,
    uncounted: given.length - counted.reduce((a, b) => a + b, 0),
    predicted,
    wrongShare: noise.share,
    issues: Object.fromEntries(ISSUE_FILTERS.map((filter) => [filter, labelIssues(labelled, filter).length])),
  };
}
