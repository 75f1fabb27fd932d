import { expect, test } from 'vitest';
import { canaryBatch, disagreement, gpuDevices } from './devices.ts';

test('auto tries the GPU providers of the build, TensorRT last, and never the CPU', () => {
  expect(gpuDevices(['cpu', 'webgpu', 'tensorrt', 'cuda'])).toEqual(['cuda', 'webgpu', 'tensorrt']);
  expect(gpuDevices(['cpu'])).toEqual([]);
});

test('the canary images differ from each other', () => {
  const { images, n } = canaryBatch({
    name: 'image',
    width: 8,
    height: 8,
    layout: 'NCHW',
    fit: 'squash',
    kernel: 'area',
    scale: 1,
    mean: [0, 0, 0],
    std: [1, 1, 1],
  });
  const distinct = new Set(
    Array.from({ length: n }, (_, i) => images.subarray(i * 192, (i + 1) * 192).join()),
  );
  expect(distinct.size).toBe(n);
});

test('small differences agree; a turned, scaled or broken row does not', () => {
  const expected = Float32Array.of(1, 2, 3, 4, -5, 6);
  expect(
    disagreement(
      expected,
      expected.map((value) => value * 1.005),
      3,
    ),
  ).toBeNull();
  expect(
    disagreement(
      expected,
      expected.map((value) => value * 1.05),
      3,
    ),
  ).toMatch(/5\.0 % of the largest/);
  expect(disagreement(expected, Float32Array.of(1, 2, 3, 4, 5, 6), 3)).toMatch(/cosine 0\.3/);
  expect(disagreement(expected, Float32Array.of(1, 2, 3, 4, NaN, 6), 3)).toMatch(/differ/);
  expect(disagreement(expected, new Float32Array(6), 3)).toMatch(/differ/);
});
