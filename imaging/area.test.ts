import { describe, expect, it } from 'vitest';
import { averageArea } from './area.ts';
import { patternRgb } from './testing/build.ts';

/** The definition, pixel by pixel in exact rationals: overlap areas times values over the window's area. */
function byDefinition(
  rgb: Uint8Array,
  w: number,
  h: number,
  ow: number,
  oh: number,
  fit: 'squash' | 'cover',
) {
  const scale = Math.min(w / ow, h / oh);
  const windowWidth = fit === 'cover' ? ow * scale : w;
  const windowHeight = fit === 'cover' ? oh * scale : h;
  const left = (w - windowWidth) / 2;
  const top = (h - windowHeight) / 2;
  const out: number[] = [];
  for (let y = 0; y < oh; y++) {
    for (let x = 0; x < ow; x++) {
      const [x0, x1] = [left + (x * windowWidth) / ow, left + ((x + 1) * windowWidth) / ow];
      const [y0, y1] = [top + (y * windowHeight) / oh, top + ((y + 1) * windowHeight) / oh];
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let sy = 0; sy < h; sy++) {
          const dy = Math.max(0, Math.min(y1, sy + 1) - Math.max(y0, sy));
          for (let sx = 0; sx < w; sx++) {
            const dx = Math.max(0, Math.min(x1, sx + 1) - Math.max(x0, sx));
            sum += dx * dy * rgb[(sy * w + sx) * 3 + c]!;
          }
        }
        out.push(sum / ((x1 - x0) * (y1 - y0)));
      }
    }
  }
  return out;
}

describe('averageArea', () => {
  it.each([
    [7, 5, 3, 2, 'squash'],
    [32, 32, 32, 32, 'squash'],
    [3, 2, 8, 8, 'squash'],
    [100, 100, 32, 32, 'squash'],
    [41, 17, 8, 8, 'cover'],
    [17, 41, 8, 12, 'cover'],
    [10, 10, 4, 3, 'cover'],
    [1, 9, 4, 4, 'cover'],
  ] as const)('averages %i x %i to %i x %i (%s) as the definition says', (w, h, ow, oh, fit) => {
    const rgb = patternRgb(w, h);
    const got = averageArea(rgb, w, h, ow, oh, fit);
    const exact = byDefinition(rgb, w, h, ow, oh, fit);
    expect(got.length).toBe(exact.length);
    for (let i = 0; i < got.length; i++) expect(Math.abs(got[i]! - exact[i]!)).toBeLessThan(0.5 + 1e-9);
  });

  it('rounds halves up', () => {
    expect([...averageArea(Uint8Array.of(1, 0, 254, 2, 1, 255), 2, 1, 1, 1)]).toEqual([2, 1, 255]);
  });

  it('leaves an image of the target size as it is', () => {
    const rgb = patternRgb(12, 9);
    expect(averageArea(rgb, 12, 9, 12, 9)).toEqual(rgb);
  });

  it('keeps the centre of what cover crops', () => {
    const row = Uint8Array.of(9, 9, 9, 50, 60, 70, 9, 9, 9);
    expect([...averageArea(row, 3, 1, 1, 1, 'cover')]).toEqual([50, 60, 70]);
  });
});
