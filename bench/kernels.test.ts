import { expect, onTestFinished, test } from 'vitest';
import { embeddingLike, gaussianClusters } from './clusters.ts';
import { PlainProduct } from './matmul.ts';

test('clusters repeat for a seed, lie around their centres, and have some wrong labels', () => {
  const rows = 2400;
  const { data, labels } = gaussianClusters(rows, 7);
  expect(gaussianClusters(rows, 7).data).toEqual(data);
  expect(gaussianClusters(rows, 8).data).not.toEqual(data);
  const wrong = labels.filter((label, row) => label !== row % 12).length / rows;
  expect(wrong).toBeGreaterThan(0.03);
  expect(wrong).toBeLessThan(0.07);
  const distance = (a: number, b: number): number => {
    let sum = 0;
    for (let j = 0; j < 256; j++) sum += (data[a * 256 + j]! - data[b * 256 + j]!) ** 2;
    return sum;
  };
  let within = 0;
  let across = 0;
  for (let i = 0; i < 1000; i++) {
    within += distance(i, i + 12) / 1000;
    across += distance(i, i + 13) / 1000;
  }
  // Two draws from N(0, 1) in 256 dimensions, and centres 0.25 sqrt(2) apart in each.
  expect(within / 512).toBeCloseTo(1, 1);
  expect((across - within) / 32).toBeGreaterThan(0.5);
});

test('the plain matrix product runs where the last block is short', async () => {
  const rows = 300;
  const data = Float32Array.from({ length: rows * 8 }, (_, i) => i % 7);
  const product = await PlainProduct.open(data, 8, 1);
  onTestFinished(() => product.close());
  expect(await product.seconds(100, 200)).toBeGreaterThan(0);
});

test('rows like embeddings repeat for a seed, are of length 1, and have neighbours nearer than the rest', () => {
  const data = embeddingLike(600, 32, 3);
  expect(embeddingLike(600, 32, 3)).toEqual(data);
  const row = (i: number): number[] => [...data.subarray(i * 32, (i + 1) * 32)];
  const dot = (a: number[], b: number[]): number => a.reduce((sum, value, j) => sum + value * b[j]!, 0);
  const own = row(0);
  expect(dot(own, own)).toBeCloseTo(1, 5);
  const likeness = Array.from({ length: 599 }, (_, i) => dot(own, row(i + 1))).toSorted((a, b) => b - a);
  expect(likeness[0]! - likeness[300]!).toBeGreaterThan(0.3);
});
