import { CALIBRATION_BINS, type CalibrationBin } from '../../../rpc/contract/label-model.ts';
import type { LabelReport } from '../../../rpc/contract/scores.ts';
import type { Role } from '../../../rpc/contract/terms.ts';
import { calibrated, classThresholds, confidentJoint, noiseOf } from './confident-joint.ts';
import { labelIssues } from './label-issues.ts';
import { classCounts, type Labelled } from './labelled.ts';
import { mulberry32, type Random } from '../../base/numeric/random.ts';
import { topClass } from '../crowd/crowd.ts';

/**
 * What the probabilities say of the labels of one role: who is given as what and taken for what, how noisy each class
 * is, and how many labels each filter would call wrong. How many are wrong, with what is certain of it, label risk adds
 * (wrong-share.ts).
 */
export function labelReport(
  labelled: Labelled,
  names: string[],
  role: Role,
  of: number,
  predicted: LabelReport['predicted'] = null,
  calibration?: CalibrationBin[],
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
      wrong: null,
    })),
    confusion,
    uncounted: given.length - counted.reduce((a, b) => a + b, 0),
    predicted,
    ...(calibration ? { calibration } : {}),
    risk: null,
    wrongShare: noise.share,
    issues: Object.fromEntries(
      Object.entries(labelIssues(labelled)).map(([filter, rows]) => [filter, rows.length]),
    ),
  };
}

/** Probabilities kept at most, 8 bytes each; beyond that, a random sample of the images. */
const MOST_VALUES = 16_000_000;

/** Gathers labelled images while a run scores them: all of them, or a uniform sample of fixed size (reservoir). */
export class LabelledCollector {
  readonly #classes: number;
  readonly #most: number;
  readonly #rows: Float64Array[] = [];
  readonly #given: number[] = [];
  readonly #random: Random;
  /** Images by `given * classes + most probable class`. */
  readonly #cells = new Map<number, number>();
  /** By the highest probability, of all that were seen. */
  readonly calibration: CalibrationBin[] = Array.from({ length: CALIBRATION_BINS }, () => ({
    images: 0,
    stated: 0,
    right: 0,
  }));
  /** Labelled images seen. */
  seen = 0;

  constructor(classes: number, seed: number, mostValues = MOST_VALUES) {
    this.#classes = classes;
    this.#most = Math.max(1, Math.floor(mostValues / classes));
    this.#random = mulberry32(seed);
  }

  /** Takes an image's probabilities and its given class. Images without either are not offered. */
  add(probabilities: Float64Array, given: number): void {
    this.seen++;
    const top = topClass(probabilities, 0, this.#classes);
    const stated = probabilities[top]!;
    const bin = this.calibration[Math.min(CALIBRATION_BINS - 1, Math.floor(stated * CALIBRATION_BINS))]!;
    bin.images++;
    bin.stated += stated;
    if (top === given) bin.right++;
    const cell = given * this.#classes + top;
    this.#cells.set(cell, (this.#cells.get(cell) ?? 0) + 1);
    if (this.#rows.length < this.#most) {
      this.#rows.push(probabilities.slice());
      this.#given.push(given);
      return;
    }
    const place = Math.floor(this.#random() * this.seen);
    if (place >= this.#most) return;
    this.#rows[place] = probabilities.slice();
    this.#given[place] = given;
  }

  /** Images by given and most probable class, of all that were seen; by given, then predicted class. */
  predicted(): [given: number, predicted: number, images: number][] {
    return [...this.#cells]
      .sort(([a], [b]) => a - b)
      .map(([cell, images]) => [Math.floor(cell / this.#classes), cell % this.#classes, images]);
  }

  labelled(): Labelled {
    const probabilities = new Float64Array(this.#rows.length * this.#classes);
    this.#rows.forEach((row, i) => probabilities.set(row, i * this.#classes));
    return { classes: this.#classes, probabilities, given: Int32Array.from(this.#given) };
  }
}
