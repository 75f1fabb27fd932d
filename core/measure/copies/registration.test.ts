import { describe, expect, test } from 'vitest';
import { averageArea } from '../../../imaging/area.ts';
import type { Picture } from '../../../imaging/canvas.ts';
import { families } from '../../../imaging/faults/index.ts';
import { Random } from '../../../imaging/random.ts';
import { alterationWords } from '../../../rpc/contract/alteration.ts';
import { scene } from '../../../test/support/scene.ts';
import { layOver } from './laying.ts';
import { registrable } from './pictures.ts';
import { plateSize } from './plate.ts';
import type { Registrable } from './registration.ts';
import { agrees, Usual } from './rule.ts';

function ready({ width, height, rgb }: Picture): Registrable {
  const size = plateSize(width, height);
  return registrable({ ...size, rgb: averageArea(rgb, width, height, size.width, size.height) });
}

async function altered(picture: Picture, family: string, strength: number, key: number) {
  return families.get(family)!.apply(picture, new Random(key, family), strength);
}

/** What people would say was done, from the bench's own words for it. */
function expectedWords(what: string): RegExp {
  const number = (pattern: RegExp): number => Number(pattern.exec(what)![1]);
  if (what.startsWith('turned clockwise by 180')) return /^upside down$/;
  if (what.startsWith('turned clockwise by 90')) return /^turned 90° right$/;
  if (what.startsWith('turned clockwise by 270')) return /^turned 90° left$/;
  if (what.startsWith('mirrored')) return /^mirrored$/;
  if (what.startsWith('cropped')) {
    const share = number(/by (\d+) %/);
    return new RegExp(`^cropped (${share - 1}|${share}|${share + 1}) %$`);
  }
  if (what.startsWith('rotated')) {
    const degrees = number(/by ([\d.]+)°/);
    return new RegExp(`^rotated (${Math.floor(degrees)}|${Math.ceil(degrees)})°(, |$)`);
  }
  if (what.includes('border of')) return /^with a border$/;
  return /^(partly changed)?$/;
}

describe('a picture laid over its original', () => {
  test.each([
    ['mirror', 0.5],
    ['rotate-90', 0.5],
    ['rotate-small', 0.2],
    ['rotate-small', 1],
    ['crop', 0.3],
    ['crop', 0.7],
    ['border', 0.7],
    ['overlay-text', 0.8],
    ['reencode', 0.6],
    ['resize', 0.6],
    ['brightness', 0.8],
    ['contrast', 0.8],
    ['hue', 0.5],
    ['copy-noise', 0.3],
  ])('agrees with it, and says what was done: %s of strength %f', async (family, strength) => {
    for (const [key, width, height] of [
      [1, 96, 96],
      [2, 140, 96],
      [3, 110, 150],
      [4, 64, 64],
      [5, 90, 120],
    ] as const) {
      const original = scene(key, width, height);
      const { picture, what } = await altered(original, family, strength, key);
      const found = layOver(ready(picture), ready(original))!;
      expect({ what, words: alterationWords(found.alteration) }).toEqual({
        what,
        words: expect.stringMatching(expectedWords(what)),
      });
      expect(found.difference).toBeLessThan(0.08);
      expect(new Usual([]).isNext(found, null)).toBe(false);
    }
  });

  test.each([
    ['mirror', [-1, 0, 0, 1, 1, 0]],
    ['rotate-90', null],
    ['reencode', [1, 0, 0, 1, 0, 0]],
  ])('says where the copy lies on it: %s', async (family, wanted) => {
    const original = scene(2, 140, 96);
    const { picture, what } = await altered(original, family, 0.5, 2);
    const { onto } = layOver(ready(picture), ready(original))!.alteration;
    // Turned clockwise by 90: the copy's left edge, upwards, is the original's bottom edge, from the left.
    const turned = { 90: [0, -1, 1, 0, 0, 1], 180: [-1, 0, 0, -1, 1, 1], 270: [0, 1, -1, 0, 1, 0] };
    const expected = wanted ?? turned[Number(/by (\d+)/.exec(what)![1]) as keyof typeof turned];
    for (const [i, value] of onto!.entries()) expect(value).toBeCloseTo(expected[i]!, 1);
  });

  test('two changes at once are both said', async () => {
    const original = scene(11, 120, 96);
    const cropped = await altered(original, 'crop', 0.4, 3);
    const { picture } = await altered(cropped.picture, 'mirror', 0, 3);
    const found = layOver(ready(picture), ready(original))!;
    expect(found.difference).toBeLessThan(0.03);
    expect(alterationWords(found.alteration)).toMatch(/^mirrored, cropped 1[456] %$/);
  });

  test('no other picture of the kind passes for a copy, whatever is usual in the set', () => {
    const pictures = Array.from({ length: 8 }, (_, i) => ready(scene(100 + i)));
    const usual = new Usual([]);
    const verdicts = pictures.flatMap((copy) =>
      pictures.map((original) => {
        const found = copy === original ? null : layOver(copy, original);
        return found !== null && agrees(found, usual.of(null, found.alteration), 1);
      }),
    );
    expect(new Set(verdicts)).toEqual(new Set([false]));
  });

  test('a flat picture shows nothing to lay over', () => {
    const flat = ready({ width: 96, height: 96, rgb: new Uint8Array(96 * 96 * 3).fill(90) });
    expect(layOver(flat, flat)).toBeNull();
    expect(layOver(flat, ready(scene(1)))).toBeNull();
  });
});
