import { minimise } from '../../base/numeric/brent.ts';

/** An error that falls with the number of training images: floor + scale * images ^ -rate, each 0 or more. */
export interface PowerLaw {
  floor: number;
  scale: number;
  rate: number;
}

const RATES = Array.from({ length: 40 }, (_, i) => 0.05 * (i + 1));

/**
 * The power law with a floor that fits errors at some numbers of images best by least squares (Cortes et al., NIPS 1993;
 * Viering and Loog, "The shape of learning curves", TPAMI 45, 2023). The rate is 0.05 to 2. Null with fewer than three
 * different numbers.
 */
export function fitPowerLaw(images: readonly number[], errors: readonly number[]): PowerLaw | null {
  if (new Set(images).size < 3) return null;
  const at = (rate: number) => fitAtRate(rate, images, errors);
  const start = RATES.reduce((best, rate) => (at(rate).loss < at(best).loss ? rate : best));
  const found = minimise((rate) => at(rate).loss, Math.max(0.05, start - 0.05), Math.min(2, start + 0.05));
  const rate = at(found).loss <= at(start).loss ? found : start;
  const { floor, scale } = at(rate);
  return { floor, scale, rate };
}

/** The best floor and scale at a rate, neither below 0. */
function fitAtRate(rate: number, images: readonly number[], errors: readonly number[]) {
  const n = images.length;
  const u = images.map((count) => count ** -rate);
  const meanU = u.reduce((sum, each) => sum + each, 0) / n;
  const meanE = errors.reduce((sum, each) => sum + each, 0) / n;
  let cross = 0;
  let square = 0;
  for (let i = 0; i < n; i++) {
    cross += (u[i]! - meanU) * (errors[i]! - meanE);
    square += (u[i]! - meanU) ** 2;
  }
  let scale = cross / square;
  let floor = meanE - scale * meanU;
  if (floor < 0) {
    floor = 0;
    scale =
      u.reduce((sum, each, i) => sum + each * errors[i]!, 0) / u.reduce((sum, each) => sum + each * each, 0);
  }
  if (scale < 0) [scale, floor] = [0, Math.max(0, meanE)];
  const loss = u.reduce((sum, each, i) => sum + (floor + scale * each - errors[i]!) ** 2, 0);
  return { floor, scale, loss };
}

export const errorAt = ({ floor, scale, rate }: PowerLaw, images: number): number =>
  floor + scale * images ** -rate;

/**
 * A value between measured ones, by straight lines over the logarithm of 1 + images; `images` ascending. At most the last
 * of them: beyond it nothing was measured.
 */
export function between(images: readonly number[], values: readonly number[], wanted: number): number {
  const x = (count: number): number => Math.log1p(count);
  const above = Math.max(
    1,
    images.findIndex((count) => count >= wanted),
  );
  const [low, high] = [images[above - 1]!, images[above]!];
  const share = (x(wanted) - x(low)) / (x(high) - x(low));
  return values[above - 1]! + share * (values[above]! - values[above - 1]!);
}
