import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addPack, BUILT_IN_PACKS, DEFAULT_EMBEDDER, listPacks } from './catalog.ts';
import { InferenceProcess } from './inference-process.ts';
import { checkPack } from './pack-check.ts';
import { loadPack } from './pack.ts';
import { ToyPacks } from './testing/toy-packs.ts';

let toys: ToyPacks;

beforeEach(() => {
  toys = new ToyPacks();
});
afterEach(() => toys.clean());

describe('listPacks', () => {
  test('lists what is usable and says why the rest is not', async () => {
    const good = toys.write('a-good');
    const bad = toys.write('b-bad', (manifest) => (manifest.dimensions = 4));
    const twin = toys.write('c-twin');
    const newer = toys.write('d-newer', (manifest) => (manifest.version = '1.0.1'));
    mkdirSync(path.join(toys.root, '.adding-left-behind'));
    writeFileSync(path.join(toys.root, 'README.md'), 'not a pack');
    const { packs, refused } = await listPacks([path.join(toys.root, 'absent'), toys.root]);
    expect(packs.map((pack) => pack.folder)).toEqual([good, newer]);
    expect(refused.map(({ folder, error }) => [folder, error.code])).toEqual([
      [bad, 'MODEL_REFUSED'],
      [twin, 'ALREADY_EXISTS'],
    ]);
  });
});

describe('addPack', () => {
  test('adds a private copy under its id and version', async () => {
    const to = path.join(toys.root, 'mine');
    const source = toys.write('source');
    const added = await addPack(source, to);
    expect(added.folder).toBe(path.join(to, 'toy-1.0.0'));
    expect(added.fingerprint).toBe((await loadPack(source)).fingerprint);
    expect(await loadPack(added.folder)).toEqual(added);
    expect(statSync(path.join(added.folder, 'model.onnx')).ino).not.toBe(
      statSync(path.join(source, 'model.onnx')).ino,
    );
  });

  test('refuses what is there already and what is bad, and leaves nothing behind', async () => {
    const to = path.join(toys.root, 'mine');
    const source = toys.write('source');
    await addPack(source, to);
    await expect(addPack(source, to)).rejects.toMatchObject({ code: 'ALREADY_EXISTS' });
    const bad = toys.write('bad', (manifest) => (manifest.version = 'x'));
    await expect(addPack(bad, to)).rejects.toMatchObject({ code: 'MODEL_REFUSED' });
    expect(readdirSync(to)).toEqual(['toy-1.0.0']);
  });
});

test('the built-in packs are sound, and compute what they say', async () => {
  const { packs, refused } = await listPacks([BUILT_IN_PACKS]);
  expect(refused).toEqual([]);
  expect(packs.map((pack) => pack.manifest.id)).toContain(DEFAULT_EMBEDDER);
  const inference = await InferenceProcess.start({ threads: 2 });
  for (const pack of packs) await checkPack(pack, inference);
  await inference.close();
});
