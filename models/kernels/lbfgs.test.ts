import { expect, test } from 'vitest';
import { minimise } from './lbfgs.ts';

test('finds the minimum of a badly scaled quadratic', async () => {
  const scales = Float64Array.from({ length: 30 }, (_, i) => 10 ** (i / 10));
  const minimum = await minimise(
    async (x, gradient) => {
      let value = 0;
      for (let i = 0; i < x.length; i++) {
        gradient[i] = scales[i]! * (x[i]! - i);
        value += (scales[i]! * (x[i]! - i) ** 2) / 2;
      }
      return value;
    },
    new Float64Array(30),
    1e-8,
    500,
  );
  expect(minimum.converged).toBe(true);
  minimum.x.forEach((value, i) => expect(value).toBeCloseTo(i, 6));
});

test('follows the curved valley of Rosenbrock', async () => {
  const minimum = await minimise(
    async (x, gradient) => {
      const [a, b] = [x[0]!, x[1]!];
      gradient[0] = -2 * (1 - a) - 400 * a * (b - a * a);
      gradient[1] = 200 * (b - a * a);
      return (1 - a) ** 2 + 100 * (b - a * a) ** 2;
    },
    Float64Array.of(-1.2, 1),
    1e-8,
    200,
  );
  expect(minimum.converged).toBe(true);
  expect(minimum.x[0]).toBeCloseTo(1, 6);
  expect(minimum.x[1]).toBeCloseTo(1, 6);
});

test('ends without claiming success where the gradient points nowhere down', async () => {
  const minimum = await minimise(
    async (x, gradient) => {
      gradient[0] = 1;
      return -Math.min(0, x[0]!);
    },
    Float64Array.of(-1),
    1e-8,
    100,
  );
  expect(minimum.converged).toBe(false);
});
