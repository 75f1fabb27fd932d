import { expect, test } from 'vitest';
import { decodeBytes, decodeGood, photo, root, useFolder } from './testing/decode.ts';
import { patternRgb } from './testing/build.ts';
import { encodeImage } from './encode.ts';
import { spoilt } from './spoil.ts';

useFolder();

const fault = { strength: 0.8, key: 'one', other: null };
const geometry = { width: 24, height: 24, fit: 'squash', kernel: 'area' } as const;

test('a decoder measures the picture with the fault in it, and the file keeps its hash', async () => {
  const clean = await decodeGood(photo, { geometry });
  const dark = await decodeGood(photo, { geometry, spoiling: { family: 'dark', ...fault } });
  expect(dark.sha256).toBe(clean.sha256);
  expect(dark.stats.brightnessP99).toBeLessThan(0.8 * clean.stats.brightnessP99);
  expect(dark.tensor).not.toEqual(clean.tensor);
  expect(dark.signature).not.toEqual(clean.signature);
});

test('the same key gives the same fault, another one another', async () => {
  const torn = async (key: string) =>
    (await decodeGood(photo, { spoiling: { ...fault, family: 'torn', key } })).pixelSha256;
  expect(await torn('one')).toBe(await torn('one'));
  expect(await torn('two')).not.toBe(await torn('one'));
});

test('a part of another file can be the fault; without that file there is none', async () => {
  const other = { root, path: 'case' };
  const patched = await decodeGood(photo, { spoiling: { ...fault, family: 'foreign-part', other } });
  expect(patched.pixelSha256).not.toBe((await decodeGood(photo)).pixelSha256);
  const gone = { root, path: 'gone' };
  expect(
    await decodeBytes(photo, { spoiling: { ...fault, family: 'foreign-part', other: gone } }),
  ).toMatchObject({
    ok: false,
    code: 'NOT_FOUND',
  });
});

test('large pictures are shrunk first', async () => {
  const rgb = patternRgb(800, 200);
  const blurred = await spoilt({ width: 800, height: 200, rgb }, { ...fault, family: 'blur' }, null);
  expect([blurred.width, blurred.height]).toEqual([384, 96]);
  expect(rgb).toEqual(patternRgb(800, 200));
});

test('nothing of a spoilt picture is stored under the name of the sound one', async () => {
  const bytes = await encodeImage(patternRgb(40, 24), 40, 24, 'png');
  await expect(decodeBytes(bytes, { thumbs: root, spoiling: { ...fault, family: 'blur' } })).rejects.toThrow(
    'must not be stored',
  );
});
