import { describe, expect, test } from 'vitest';
import golden from '../../../test/goldens/cleanvision.json' with { type: 'json' };
import { measure } from '../../../imaging/stats.ts';
import { quantileSorted } from '../../base/numeric/percentile.ts';
import blurry from './blurry.ts';
import dark from './dark.ts';
import { kindsOfFacts } from '../run-facts.ts';
import { valuesOf, type FactScore } from './define.ts';
import grayscale from './grayscale.ts';
import light from './light.ts';
import lowInformation from './low-information.ts';
import oddSize from './odd-size.ts';

type Paint = (x: number, y: number) => [number, number, number];

const even = (value: number): [number, number, number] => [value, value, value];
const PICTURES: Record<keyof typeof golden.pictures, Paint> = {
  grad: (x, y) => [(32 * x) % 256, (32 * y) % 256, (4 * x * y) % 256],
  check: (x, y) => even(255 * ((x + y) % 2)),
  half: (x) => even(x >= 4 ? 255 : 0),
  dark: (x, y) => [3 * x, 3 * y, 10],
  flat: () => [100, 150, 200],
};

/** What a score says of one painted picture of 8 x 8 pixels. */
function scoreOf(score: FactScore, paint: Paint, singleChannel = false): number {
  const rgb = Uint8Array.from({ length: 192 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    return paint(pixel % 8, Math.floor(pixel / 8))[at % 3]!;
  });
  const pixels = [measure({ rgb, width: 8, height: 8, alpha: null }, singleChannel)];
  return valuesOf(score, { pixels }, 1, kindsOfFacts())[0]!;
}

const SCORES = {
  dark_score: dark,
  light_score: light,
  lowinfo_score: lowInformation,
  blur_score: blurry,
} as const;

describe('from pixels to scores as CleanVision', () => {
  test.each(Object.entries(golden.pictures))('%s', (name, wanted: Record<string, number>) => {
    const found = Object.fromEntries(
      Object.keys(wanted).map((id) => [
        id,
        scoreOf(SCORES[id as keyof typeof SCORES], PICTURES[name as keyof typeof PICTURES]).toFixed(4),
      ]),
    );
    expect(found).toEqual(
      Object.fromEntries(Object.entries(wanted).map(([id, value]) => [id, value.toFixed(4)])),
    );
  });

  // Where all sizes are alike the score of an odd one is halved, so that one threshold holds.
  test.each([
    { ...golden.oddSize, factor: 1 },
    { ...golden.oddSizeAlike, factor: 0.5 },
  ])('sizes $sizes', ({ sizes, flag, score, factor }) => {
    const ascending = sizes.toSorted((a, b) => a - b);
    const quartiles = { sizeQ1: quantileSorted(ascending, 0.25), sizeQ3: quantileSorted(ascending, 0.75) };
    const facts = { ...quartiles, width: sizes, height: sizes };
    const values = valuesOf(oddSize, facts, sizes.length, kindsOfFacts());
    expect(Array.from(values, (value) => Number(value < oddSize.threshold!))).toEqual(flag);
    score.forEach((wanted, i) => expect(values[i]).toBeCloseTo(wanted < 1 ? factor * wanted : 1, 5));
  });

  test('what looks grey is grey, however many channels the file has', () => {
    const grey: Paint = (x, y) => even(16 * x + y);
    const tinted: Paint = (x, y) => [16 * x + y, 16 * x + y, 16 * x + y + Number(x === 7 && y === 7)];
    expect(scoreOf(grayscale, grey, true)).toBe(0);
    expect(scoreOf(grayscale, grey)).toBe(0);
    expect(scoreOf(grayscale, tinted)).toBe(1);
  });

  test('a flat picture has information by channels, edges by its border, and is flagged all the same', () => {
    const grey = (): [number, number, number] => even(141);
    expect(scoreOf(lowInformation, grey)).toBeCloseTo(0.1 * Math.log2(3), 12);
    expect(scoreOf(lowInformation, grey, true)).toBe(0);
    expect(scoreOf(lowInformation, grey)).toBeLessThan(lowInformation.threshold!);
    expect(scoreOf(blurry, grey)).toBeGreaterThan(blurry.threshold!);
  });
});
