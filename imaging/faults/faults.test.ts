import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { fractalNoise } from '../noise.ts';
import { Random } from '../random.ts';
import { families, type FaultFamily, type Faulty, type Picture } from './index.ts';

/** A round thing in several colours on a shaded ground, with fine detail: nothing about it is the same twice. */
function drawn(width: number, height: number, salt = 1): Picture {
  const rgb = new Uint8Array(width * height * 3);
  const side = Math.max(width, height);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isThing = Math.hypot(x - width / 2, y - height / 2) < side / 3;
      for (let c = 0; c < 3; c++) {
        const grain = fractalNoise((8 * x) / side, (8 * y) / side, salt + (isThing ? c : 9), 4);
        rgb[to++] = isThing ? 40 + 190 * grain : 150 + (60 * y) / height + 30 * grain;
      }
    }
  }
  return { width, height, rgb };
}

const black = (width: number, height: number): Picture => ({
  width,
  height,
  rgb: new Uint8Array(width * height * 3),
});

/** Applied with a stranger where one is needed. */
async function spoilt(family: FaultFamily, picture: Picture, strength: number, key = 1): Promise<Faulty> {
  const other = family.needsOther ? drawn(60, 50, 77) : undefined;
  return family.apply(picture, new Random(key, family.id), strength, other);
}

const ALL = [...families.values()].map((family) => [family.id, family] as const);
const still = ['mirror', 'rotate-90'];

describe.each(ALL)('%s', (id, family) => {
  test('the same numbers give the same bytes, and leave the picture as it was', async () => {
    const picture = drawn(48, 40);
    const [first, again] = [await spoilt(family, picture, 0.6), await spoilt(family, picture, 0.6)];
    expect(again).toEqual(first);
    expect(picture).toEqual(drawn(48, 40));
  });

  // Blur, darkness and poor storage have nothing to choose but their strength.
  test.skipIf(['blur', 'copy-blur', 'bright', 'jpeg-blocks', 'mirror'].includes(id))(
    'other numbers give other bytes',
    async () => {
      const seen = new Set<string>();
      for (let key = 0; key < 8; key++) {
        const { picture } = await spoilt(family, drawn(48, 40), 0.6, key);
        seen.add(`${picture.width} ${Buffer.from(picture.rgb).toString('base64')}`);
      }
      expect(seen.size).toBeGreaterThan(1);
    },
  );

  test.each([0.01, 0.5, 1])('changes the picture at strength %f and says how', async (strength) => {
    for (const side of [32, 100]) {
      const before = drawn(side, side);
      const { picture, what } = await spoilt(family, before, strength);
      expect(picture.rgb.length).toBe(picture.width * picture.height * 3);
      expect(picture.rgb).not.toEqual(before.rgb);
      expect(what).toMatch(id.startsWith('mirror') ? /^mirrored$/ : /\d/);
      const keepsSize = picture.width === side && picture.height === side;
      expect(keepsSize || family.changesSize).toBe(true);
    }
  });

  test('a stronger fault changes more', async () => {
    if (still.includes(id) || family.changesSize) return;
    const before = drawn(100, 90);
    const change = async (strength: number): Promise<number> => {
      let sum = 0;
      for (let key = 0; key < 6; key++) {
        const { picture } = await spoilt(family, before, strength, key);
        picture.rgb.forEach((level, i) => (sum += Math.abs(level - before.rgb[i]!)));
      }
      return sum;
    };
    expect(await change(1)).toBeGreaterThan(await change(0));
  });

  test.each([
    [8, 8],
    [32, 32],
    [1024, 700],
    [1, 40],
    [40, 1],
    [1, 1],
  ])('takes pictures of %i x %i, small black ones too', async (width, height) => {
    for (const before of width > 100
      ? [drawn(width, height)]
      : [drawn(width, height), black(width, height)]) {
      const { picture, mask } = await spoilt(family, before, 0.7);
      expect(picture.rgb.length).toBe(picture.width * picture.height * 3);
      const places = ['structure', 'text'].includes(family.group)
        ? picture.width * picture.height
        : undefined;
      expect(mask?.length).toBe(places);
    }
  });
});

describe.each(ALL.filter(([, { group }]) => group === 'structure' || group === 'text'))('%s', (_, family) => {
  test.each([0.05, 0.5, 1])(
    'at strength %f, the mask covers what changed, a part of the picture',
    async (strength) => {
      const before = drawn(96, 80);
      for (let key = 0; key < 5; key++) {
        const { picture, mask } = await spoilt(family, before, strength, key);
        const changed = Array.from({ length: 96 * 80 }, (__, i) =>
          [0, 1, 2].some((c) => picture.rgb[i * 3 + c] !== before.rgb[i * 3 + c]) ? 1 : 0,
        );
        expect([...mask!]).toEqual(changed);
        const share = changed.reduce((sum: number, value) => sum + value, 0) / changed.length;
        expect(share).toBeGreaterThan(0.002);
        expect(share).toBeLessThan(0.9);
      }
    },
  );
});

test('the part of another picture is asked for by name', async () => {
  const family = families.get('foreign-part')!;
  await expect(async () => family.apply(drawn(20, 20), new Random(1), 0.5)).rejects.toThrow(
    /pass one as `other`/,
  );
});

test('two changes at once are two different ones', async () => {
  for (let key = 0; key < 20; key++) {
    const { what } = await families.get('two-at-once')!.apply(drawn(40, 30), new Random(key), 0.5);
    const [first, second] = what.split(', then ').map((part) => part.replaceAll(/[\d."-]+/g, ''));
    expect(second).not.toBe(first);
  }
});

/**
 * Starts of the sha256 of each family's bytes, where no library has a part in them: the same on every machine. A changed
 * one means that figures of the benchmark do not compare with those from before; then say so, and take the new value.
 */
const BYTES = {
  blur: '3dfd6051',
  motion: 'e0ed94e3',
  dark: '0e0a8924',
  bright: 'ec8c5d0c',
  noise: '0f75f0c3',
  banding: '8f8cafe7',
  torn: '37e9838e',
  melted: '78044646',
  'extra-parts': '93731d37',
  'foreign-part': 'badd6a06',
  'wrong-scale': '523ac37d',
  text: '78ef510d',
  watermark: '60d0b16d',
  brightness: 'edb5c9c9',
  contrast: 'cdbd255b',
  hue: 'c25e82e2',
  'copy-blur': '71b07f3d',
  'copy-noise': '9a7a178a',
  'overlay-text': '56c0e3bb',
  resize: 'bb297777',
  mirror: '17abad2b',
  'rotate-90': '72f172c2',
  'rotate-small': 'dfe07373',
  crop: '81f7a14b',
  border: 'ea28755c',
  shifted: 'bbdbcf71',
};

test('the bytes are those of every machine', async () => {
  const found: Record<string, string> = {};
  for (const id of Object.keys(BYTES)) {
    const { picture } = await spoilt(families.get(id)!, drawn(60, 45), 0.6);
    found[id] = hash('sha256', picture.rgb).slice(0, 8);
  }
  expect(found).toEqual(BYTES);
  const byLibrary = ['jpeg-blocks', 'reencode', 'two-at-once'];
  expect([...families.keys()].filter((id) => !(id in BYTES)).sort()).toEqual(byLibrary);
});
