import { describe, expect, test } from 'vitest';
import { coverOf } from './anchor-cover.ts';

/** Points on a line. */
const line = (...values: number[]) => ({ data: Float32Array.from(values), dimensions: 1 });
const LEFT = [0, 1, 2, 3, 4, 5];
const RIGHT = LEFT.map((value) => value + 100);
const real = line(...LEFT, ...RIGHT);
const made = line(...LEFT.map((value) => value + 0.25), ...RIGHT.map((value) => value + 0.25));

describe('coverOf', () => {
  test('loses the half of the real images that a cut leaves alone', async () => {
    const cover = await coverOf(real, made, [0, 1, 2, 3, 4, 5]);
    expect(cover).toEqual({
      real: 12,
      coverage: { before: 1, after: 0.5 },
      recall: { before: 1, after: 0.5 },
    });
  });

  test('loses nothing by a cut of nothing', async () => {
    const cover = await coverOf(real, made, [...Array(12).keys()]);
    expect(cover!.coverage).toEqual({ before: 1, after: 1 });
  });

  test('is gone where everything is cut, and has no reach with too few left', async () => {
    expect(await coverOf(real, made, [])).toMatchObject({
      coverage: { after: 0 },
      recall: { after: 0 },
    });
    expect(await coverOf(real, made, [0, 6])).toMatchObject({
      coverage: { after: 1 },
      recall: { after: 0 },
    });
  });

  test('is unknown with too few of either', async () => {
    expect(await coverOf(line(...LEFT.slice(1)), made, [])).toBeNull();
    expect(await coverOf(real, line(1, 2, 3, 4, 5), [])).toBeNull();
  });
});
