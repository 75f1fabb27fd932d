import type { Random } from '../../base/numeric/random.ts';

/** Wrong labels that are tried on each real image. */
const TRIALS = 6;

/**
 * Labels that real images might have been given by mistake: `TRIALS` (or as many as there are) different wrong classes
 * per image, one array per trial, -1 where there is no more. Half of the chance lies evenly on all other classes, half
 * on those that the label model confuses with the true one, since people and generators err both ways.
 *
 * @param labels n class indices
 * @param probabilities n x classes, out of fold; rows of NaN count for nothing
 * @param present classes that have real images, as indices
 */
export function drawWrongLabels(
  labels: Int32Array,
  probabilities: Float64Array,
  classes: number,
  present: readonly number[],
  random: Random,
): Int32Array[] {
  const confusion = meanRows(labels, probabilities, classes);
  const trials = Array.from({ length: Math.min(TRIALS, present.length - 1) }, () =>
    new Int32Array(labels.length).fill(-1),
  );
  labels.forEach((label, i) => {
    const open = new Map<number, number>();
    let confused = 0;
    for (const k of present) if (k !== label) confused += confusion[label * classes + k]!;
    for (const k of present) {
      if (k === label) continue;
      const own = confused > 0 ? confusion[label * classes + k]! / confused : 0;
      open.set(k, 0.5 / (present.length - 1) + 0.5 * own);
    }
    for (const trial of trials) {
      const drawn = draw(open, random);
      trial[i] = drawn;
      open.delete(drawn);
    }
  });
  return trials;
}

/** One key by weight. */
function draw(weights: Map<number, number>, random: Random): number {
  let total = 0;
  for (const weight of weights.values()) total += weight;
  let left = random() * total;
  let last = -1;
  for (const [key, weight] of weights) {
    last = key;
    left -= weight;
    if (left < 0) break;
  }
  return last;
}

/** Mean probabilities per true class, classes x classes; 0 for a class without images. */
function meanRows(labels: Int32Array, probabilities: Float64Array, classes: number): Float64Array {
  const sum = new Float64Array(classes * classes);
  const count = new Float64Array(classes);
  labels.forEach((label, i) => {
    if (label < 0 || Number.isNaN(probabilities[i * classes]!)) return;
    count[label]! += 1;
    for (let k = 0; k < classes; k++) sum[label * classes + k]! += probabilities[i * classes + k]!;
  });
  return sum.map((value, at) => value / Math.max(1, count[Math.floor(at / classes)]!));
}
