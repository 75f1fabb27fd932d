import { describe, expect, test } from 'vitest';
import {
  addPatchMoments,
  packPatches,
  patchBytes,
  patchDimensions,
  unpackPatches,
  type Layer,
} from './patches.ts';
import type { PatchGrid } from './types.ts';

const GRID: PatchGrid = {
  rows: 2,
  columns: 3,
  outputs: [
    { name: 'fine', dimensions: 2 },
    { name: 'coarse', dimensions: 1 },
  ],
};

/** n x dimensions x height x width, by a function of their places. */
function layer(
  n: number,
  dimensions: number,
  [height, width]: [number, number],
  value: (i: number, d: number, y: number, x: number) => number,
): Layer {
  const data = new Float32Array(n * dimensions * height * width);
  let at = 0;
  for (let i = 0; i < n; i++)
    for (let d = 0; d < dimensions; d++)
      for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data[at++] = value(i, d, y, x);
  return { data, height, width };
}

describe('patches', () => {
  const fine = layer(2, 2, [4, 6], (i, d, y, x) => 100 * i + 10 * d + y + x / 10);
  const coarse = layer(2, 1, [2, 3], (i, _, y, x) => (i + 1) * (y - x));

  test('are means of their part of each layer, patch by patch in rows', () => {
    const bytes = packPatches([fine, coarse], 1, GRID);
    expect(bytes.length).toBe(patchBytes(GRID));
    const values = unpackPatches(bytes, GRID, [1, 1]);
    expect(values.length).toBe(6 * patchDimensions(GRID));
    for (let patch = 0; patch < 6; patch++) {
      const [row, column] = [Math.floor(patch / 3), patch % 3];
      const expected = [0, 1].map((d) => 100 + 10 * d + 2 * row + 0.5 + (2 * column + 0.5) / 10);
      expected.push(2 * (row - column));
      // A byte holds 127 steps of the layer's largest number.
      const steps = [113 / 127, 113 / 127, 4 / 127];
      for (const [d, value] of expected.entries())
        expect(Math.abs(values[3 * patch + d]! - value)).toBeLessThanOrEqual(steps[d]! / 2 + 1e-6);
    }
  });

  test('weigh their layers', () => {
    const bytes = packPatches([fine, coarse], 0, GRID);
    const [plain, weighed] = [unpackPatches(bytes, GRID, [1, 1]), unpackPatches(bytes, GRID, [2, 0])];
    for (let at = 0; at < plain.length; at++)
      expect(weighed[at]).toBeCloseTo(at % 3 === 2 ? 0 : 2 * plain[at]!, 5);
  });

  test('of several images, or some of them, and their sums, are those of each', () => {
    const [a, b] = [0, 1].map((i) => packPatches([fine, coarse], i, GRID)) as [Uint8Array, Uint8Array];
    const both = Uint8Array.from([...a, ...b]);
    const each = [a, b].map((bytes) => unpackPatches(bytes, GRID, [2, 3]));
    expect([...unpackPatches(both, GRID, [2, 3])]).toEqual(each.flatMap((values) => [...values]));
    const some = each.flatMap((values) => [...values.subarray(12, 15), ...values.subarray(3, 6)]);
    expect([...unpackPatches(both, GRID, [2, 3], [4, 1])]).toEqual(some);
    const [sums, squares] = [new Float64Array(3), new Float64Array(3)];
    addPatchMoments(both, GRID, sums, squares);
    const plain = [...unpackPatches(both, GRID, [1, 1])];
    for (let d = 0; d < 3; d++) {
      const own = plain.filter((_, at) => at % 3 === d);
      expect(sums[d]).toBeCloseTo(
        own.reduce((sum, value) => sum + value, 0),
        6,
      );
      expect(squares[d]).toBeCloseTo(
        own.reduce((sum, value) => sum + value ** 2, 0),
        4,
      );
    }
  });

  test('of a layer of zeros are zeros', () => {
    const zero = layer(1, 2, [4, 6], () => 0);
    const bytes = packPatches([zero, layer(1, 1, [2, 3], () => 0)], 0, GRID);
    expect(unpackPatches(bytes, GRID, [1, 1])).toEqual(new Float32Array(18));
  });

  test('that are not finite are refused by the name of the layer', () => {
    const broken = layer(1, 1, [2, 3], () => Infinity);
    expect(() => packPatches([layer(1, 2, [4, 6], () => 1), broken], 0, GRID)).toThrow(/coarse/);
  });
});
