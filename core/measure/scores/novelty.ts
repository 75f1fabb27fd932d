/** Distances below this are rounding of equal vectors: sqrt(100 * 2^-52). */
const SAME = Math.sqrt(100 * Number.EPSILON);
const SMALLEST_SCALE = 2.2e-14;

/**
 * Novelty 1 - exp(-a/s) of a mean neighbour distance `a` on the scale `s`: 0 on top of the neighbours, .632 at the
 * distance that is usual among the real images, towards 1 far away. It is one minus the out-of-distribution score of
 * Kuan and Mueller 2022 ("Back to the Basics: Revisiting Out-of-Distribution Detection Baselines").
 */
export function novelty(meanDistance: number, scale: number): number {
  if (meanDistance < SAME) return 0;
  return -Math.expm1(-meanDistance / Math.max(scale, SMALLEST_SCALE));
}
