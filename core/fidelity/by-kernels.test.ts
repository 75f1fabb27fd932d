import { afterAll, beforeAll, expect, test } from 'vitest';
import { InferenceProcess } from '../../models/inference-process.ts';
import { gaussian, mulberry32 } from '../base/numeric/random.ts';
import {
  frechetBy,
  frechetExtrapolatedBy,
  gaussianDiscrepancyBy,
  hold,
  kernelDistanceBy,
  prdcBy,
  type HeldSet,
} from './by-kernels.ts';
import { distancesBetween } from './distances.ts';
import { frechetDistance, frechetExtrapolated } from './frechet.ts';
import { gaussianDiscrepancy, kernelDistance } from './mean-discrepancy.ts';
import { prdc } from './prdc.ts';

const D = 6;
let kernels: InferenceProcess;
let real: HeldSet;
let generated: HeldSet;

beforeAll(async () => {
  kernels = await InferenceProcess.start({ threads: 2 });
  const random = mulberry32(4);
  const draw = (n: number): Float32Array => Float32Array.from({ length: n * D }, () => gaussian(random));
  const [left, right] = [draw(160), draw(160).map((value) => value * 0.7 + 0.2)];
  // Copies of real images, which lie on the rims of the balls of others, and images that repeat.
  right.set(left.subarray(0, 20 * D));
  right.set(right.subarray(30 * D, 40 * D), 40 * D);
  real = await hold(kernels, 'real', left, D);
  generated = await hold(kernels, 'generated', right, D);
});
afterAll(() => kernels.close());

test('precision, recall, density and coverage are those of the distances', async () => {
  const [rr, gg, rg] = [
    await distancesBetween(real, real),
    await distancesBetween(generated, generated),
    await distancesBetween(real, generated),
  ];
  for (const k of [1, 5, 100]) expect(await prdcBy(kernels, real, generated, k)).toEqual(prdc(rr, gg, rg, k));
});

test('moments and means are those of plain code', async () => {
  expect(await frechetBy(kernels, real, generated)).toBeCloseTo(frechetDistance(real, generated), 10);
  const seeded = [mulberry32(9), mulberry32(9)] as const;
  expect(await frechetExtrapolatedBy(kernels, real, generated, seeded[0])).toBeCloseTo(
    frechetExtrapolated(real, generated, seeded[1]),
    10,
  );
  expect(await kernelDistanceBy(kernels, real, generated)).toBeCloseTo(kernelDistance(real, generated), 10);
  expect(await gaussianDiscrepancyBy(kernels, real, generated, 2)).toBeCloseTo(
    gaussianDiscrepancy(real, generated, 2),
    8,
  );
});

test('too few images for their dimensions have no extrapolation, and a stop is heard', async () => {
  const few = await hold(kernels, 'few', real.data.subarray(0, 2 * D * D), D);
  expect(await frechetExtrapolatedBy(kernels, few, few, mulberry32(1))).toBeNaN();
  const stopped = AbortSignal.abort(new Error('enough'));
  await expect(frechetExtrapolatedBy(kernels, real, generated, mulberry32(1), stopped)).rejects.toThrow(
    'enough',
  );
});
