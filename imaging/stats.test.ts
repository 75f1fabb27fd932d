import { describe, expect, it } from 'vitest';
import { findEdges, measure } from './stats.ts';
import { patternRgb } from './testing/build.ts';
import type { PixelStats } from './types.ts';

function image(paint: (x: number, y: number) => [number, number, number], side = 8) {
  const rgb = new Uint8Array(side * side * 3);
  for (let i = 0; i < side * side; i++) rgb.set(paint(i % side, Math.floor(i / side)), i * 3);
  return { rgb, width: side, height: side, alpha: null };
}

const grad = image((x, y) => [(32 * x) % 256, (32 * y) % 256, (4 * x * y) % 256]);
const check = image((x, y) => [255 * ((x + y) % 2), 255 * ((x + y) % 2), 255 * ((x + y) % 2)]);
const half = image((x) => (x >= 4 ? [255, 255, 255] : [0, 0, 0]));
const dark = image((x, y) => [3 * x, 3 * y, 10]);
const flat = image(() => [100, 150, 200]);

/** The measures with numbers rounded to `digits` decimals, cut down to those that `like` has. */
function rounded(stats: Partial<PixelStats>, like: Partial<PixelStats>, digits: number) {
  const entries = Object.entries(stats).filter(([name]) => name in like);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'number' ? value.toFixed(digits) : value]),
  );
}

describe('measure', () => {
  // CleanVision at commit 2f69ae8 with Pillow 9.4.0, rounded to six decimals.
  it.each([
    [
      'grad',
      grad,
      {
        brightnessP99: 0.849269,
        brightnessP5: 0.121516,
        entropyBits: 5.004972,
        edgeStd: 67.923582,
        histogramStd: 0.522913,
        greyPixels: false,
      },
    ],
    ['check', check, { entropyBits: 2.584963, edgeStd: 127.5, histogramStd: 2.817357, greyPixels: true }],
    ['half', half, { entropyBits: 2.584963, edgeStd: 118.195663, histogramStd: 2.817357 }],
    [
      'dark',
      dark,
      { brightnessP99: 0.078425, entropyBits: 3.584963, edgeStd: 6.109175, histogramStd: 0.980274 },
    ],
    [
      'flat',
      flat,
      {
        brightnessP99: 0.563909,
        brightnessP5: 1 - 0.436091,
        entropyBits: 1.584963,
        edgeStd: 69.94705,
        histogramStd: 3.99218,
      },
    ],
  ] as const)('equals CleanVision on %s', (_name, pixels, expected) => {
    expect(rounded(measure(pixels, false), expected, 4)).toEqual(rounded(expected, expected, 4));
  });

  it('equals CleanVision on a picture that is shrunk first', () => {
    const pixels = { rgb: patternRgb(97, 211), width: 97, height: 211, alpha: null };
    const expected = {
      brightnessP99: 0.9228571439449738,
      brightnessP5: 0.2136683171665935,
      entropyBits: 9.57581469777348,
      edgeStd: 74.3838113916345,
      histogramStd: 7.07934936982206,
      singleChannel: false,
      greyPixels: false,
    };
    expect(rounded(measure(pixels, false), expected, 9)).toEqual(rounded(expected, expected, 9));
  });

  it('pools one histogram for single-channel files, so that a flat one has no information', () => {
    const grey = image(() => [141, 141, 141]);
    expect(measure(grey, true)).toMatchObject({ entropyBits: 0, singleChannel: true, greyPixels: true });
    expect(measure(grey, false).entropyBits).toBeCloseTo(Math.log2(3), 12);
  });

  it('finds percentiles as sorting does', () => {
    const pixels = { rgb: patternRgb(31, 17), width: 31, height: 17, alpha: null };
    const values: number[] = [];
    for (let at = 0; at < pixels.rgb.length; at += 3) {
      const weighted = [0.241, 0.691, 0.068].map((weight, c) => weight * pixels.rgb[at + c]! ** 2);
      values.push(Math.sqrt(weighted[0]! + weighted[1]! + weighted[2]!) / 255);
    }
    values.sort((a, b) => a - b);
    const percentile = (q: number): number => {
      const place = q * (values.length - 1);
      const low = values[Math.floor(place)]!;
      return low + (values[Math.ceil(place)]! - low) * (place - Math.floor(place));
    };
    const stats = measure(pixels, false);
    expect(stats.brightnessP5).toBeCloseTo(percentile(0.05), 12);
    expect(stats.brightnessP99).toBeCloseTo(percentile(0.99), 12);
  });

  it('measures a single pixel', () => {
    const one = { rgb: Uint8Array.of(255, 255, 255), width: 1, height: 1, alpha: null };
    expect(measure(one, false)).toMatchObject({ brightnessP99: 1, brightnessP5: 1, edgeStd: 0 });
  });
});

describe('findEdges', () => {
  it('copies the border and clips the inside', () => {
    const grey = Uint8Array.of(10, 10, 10, 10, 90, 10, 10, 10, 10);
    expect([...findEdges(grey, 3, 3)]).toEqual([10, 10, 10, 10, 255, 10, 10, 10, 10]);
    const hole = Uint8Array.of(10, 10, 10, 10, 0, 10, 10, 10, 10);
    expect(findEdges(hole, 3, 3)[4]).toBe(0);
  });
});
