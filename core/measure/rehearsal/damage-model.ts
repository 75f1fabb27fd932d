import { fitLogisticRegression, linear } from '../../labels/risk/logistic-regression.ts';

/** Before anything is known: one image in twenty is spoilt. */
const USUAL_RATE = 0.05;
/** All rows together weigh as much as this many, half of it the spoilt copies: so many hold against the penalty. */
const WEIGHT = 1000;
const PENALTY = 1;
/** No picture is taken for surely spoilt. */
const SUREST = 0.98;

/**
 * Learns how signs differ between spoilt copies and the batch. Logistic regression of the one against the other, with
 * equal weight, gives the ratio of their densities r(x) = e^z. The batch is taken as it is, the faults in it included:
 * of a batch of which a share p is spoilt as the copies are, the share spoilt among images like x is then just p r(x)
 * (Elkan and Noto 2008 for such "positive and unlabelled" examples). Returns the coefficients, the bias first.
 */
export function fitDamage(spoilt: readonly Float64Array[], batch: readonly Float64Array[]): Float64Array {
  const columns = spoilt[0]!.length;
  const rows = [...spoilt, ...batch];
  const x = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => x.set(row, i * columns));
  const isSpoilt = (i: number): boolean => i < spoilt.length;
  return fitLogisticRegression(
    {
      x,
      columns,
      y: rows.map((_, i) => Number(isSpoilt(i))),
      weight: rows.map((_, i) => WEIGHT / 2 / (isSpoilt(i) ? spoilt.length : batch.length)),
    },
    PENALTY,
  );
}

/** The chance, 0..1, that an image with these signs is spoilt. */
export function damageChance(coefficients: Float64Array, signs: Float64Array): number {
  return Math.min(SUREST, USUAL_RATE * Math.exp(linear(signs, signs.length, 0, coefficients)));
}
