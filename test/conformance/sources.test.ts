import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { entry, type SourceEntry } from '../../core/import/sources/define.ts';
import { detectOrNamed, findSource } from '../../core/import/detect.ts';
import { collect } from '../../core/base/registry.ts';
import { Reading } from '../../core/import/sources/reading.ts';
import { sources } from '../../core/import/sources/registry.ts';
import { rootFolder } from '../../core/import/sources/source-files.ts';
import { DecodePool } from '../../imaging/decode-pool.ts';
import { errorCode } from '../../rpc/errors.ts';
import type { Fixture, SourceFixtures } from '../support/sources/define.ts';
import { writeFixture } from '../support/sources/write.ts';

const fixtures = await collect<SourceFixtures>(new URL('../support/sources/', import.meta.url));

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'assay-sources-'));
});
const maps = new DecodePool({ workers: 1 });
afterAll(async () => {
  await maps.close();
  await rm(scratch, { recursive: true, force: true });
});

/** Writes a fixture as `<good|bad>-<name>` and returns the path to import. */
function layOut(name: string, fixture: Fixture): Promise<string> {
  return writeFixture(join(scratch, name.replace(/\W+/g, '-')), fixture);
}

/** The entries, in the order of the list. A strict reading throws at the first faulty record. */
async function listed(
  source: string,
  root: string,
  reading = new Reading(root, { strict: true, maps }),
): Promise<SourceEntry[]> {
  const entries: SourceEntry[] = [];
  for await (const found of sources.get(source)!.list(root, reading)) entries.push(found);
  return entries;
}

test('every source has fixtures, and no others do', () => {
  expect([...fixtures.keys()].sort()).toEqual([...sources.keys()].sort());
});

test.each(
  [...fixtures.values()].map(({ id, good, allOrNone }) => [id, Object.values(good), allOrNone] as const),
)(
  'source %s does not make images whose boxes are faulty into backgrounds, if it has boxes',
  (_, good, allOrNone) => {
    const kinds = new Set(good.flatMap(({ left = [] }) => left.map(({ kind }) => kind)));
    const hasBoxes = good.some(({ entries }) => entries.some(({ boxes }) => boxes));
    const expected = hasBoxes ? ['all-boxes', ...(allOrNone ? [] : ['some-boxes'])] : [];
    expect([...kinds].filter((kind) => /^(?:some|all)-boxes$/.test(kind)).sort()).toEqual(expected);
  },
);

describe.each([...fixtures.values()])('source $id', ({ id, good, bad = {}, unclear = {} }) => {
  test.each(Object.entries(good))('good: %s', async (name, fixture) => {
    const root = await layOut(`good-${id}-${name}`, fixture);
    expect((await findSource(root, 'auto')).id).toBe(id);
    const { left = [], skips = [], notes = [] } = fixture;
    const reading = new Reading(await rootFolder(root), { strict: skips.length === 0, maps });
    const entries = await listed(id, root, reading);
    expect(entries).toEqual(fixture.entries.map((facts) => entry(facts.path, facts)));
    const result = reading.result();
    expect(result.left).toMatchObject(left.map((one) => ({ name: '', ...one })));
    expect(result.skipped.examples).toEqual(skips.map((says) => expect.stringMatching(says)));
    expect(result.skipped.records).toBe(skips.length);
    expect(result.notes).toEqual(notes.map((says) => expect.stringMatching(says)));
    expect(await listed(id, root, new Reading(root, { maps }))).toEqual(entries);
    expect((await sources.get(id)!.classes?.(root)) ?? undefined).toEqual(fixture.classes);
  });

  test.each(Object.entries(bad))('bad: %s', async (name, fixture) => {
    const root = await layOut(`bad-${id}-${name}`, fixture);
    expect((await findSource(root, 'auto')).id).toBe(id);
    const refused: unknown = await listed(id, root).catch((error: unknown) => error);
    expect(errorCode(refused)).toBe('SOURCE_UNREADABLE');
    expect(String(refused)).toMatch(fixture.says);
  });

  test.each(Object.entries(unclear))('unclear: %s', async (name, fixture) => {
    const root = await layOut(`unclear-${id}-${name}`, fixture);
    const { verdict, source, why, possible } = await detectOrNamed(root, 'auto');
    expect({ verdict, source }).toEqual({ verdict: fixture.verdict, source: null });
    expect(why).toMatch(fixture.says);
    expect(possible.map((one) => one.id)).toEqual(fixture.possible);
  });
});

test('a folder without images is refused with what it holds', async () => {
  const root = await layOut('bad-empty', {
    files: { 'notes.txt': 'x', 'package.json': '{"name": "x"}', 'x.csv': 'a,b\n' },
  });
  const refused: unknown = await findSource(root, 'auto').catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'SOURCE_UNREADABLE' });
  expect(String(refused)).toContain('holds no images, only 1 file .txt, 1 file .json, 1 file .csv');
  await expect(findSource(join(root, 'gone'), 'auto')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('linked folders are listed, not entered: they could lead anywhere, or in circles', async () => {
  const root = await layOut('good-links', { files: { 'cat/1.png': { image: 0 } } });
  await symlink(root, join(root, 'cat', 'loop'));
  await symlink('/nowhere', join(root, 'cat', 'broken.png'));
  const paths = (await listed('class-folders', root)).map(({ path }) => path);
  expect(paths).toEqual(['cat/1.png', 'cat/broken.png', 'cat/loop']);
});

test('a folder whose name is not UTF-8 is listed, and the decoder says why nothing in it is read', async () => {
  const root = await layOut('good-latin', { files: { 'cat/1.png': { image: 0 } } });
  const folder = Buffer.concat([Buffer.from(`${root}/caf`), Buffer.from([0xe9])]);
  mkdirSync(folder);
  writeFileSync(Buffer.concat([folder, Buffer.from('/1.png')]), 'x');
  expect((await findSource(root, 'auto')).id).toBe('class-folders');
  expect((await listed('class-folders', root)).map(({ path }) => path)).toEqual(['caf\uFFFD', 'cat/1.png']);
  const pool = new DecodePool({ workers: 1 });
  onTestFinished(() => pool.close());
  expect(
    await pool.decode({ root, path: 'caf\uFFFD', thumbs: scratch, objects: null, geometry: null }),
  ).toMatchObject({
    code: 'UNREADABLE',
    detail: expect.stringContaining('UTF-8'),
  });
});

test('masks in their folder are counted, not taken for images, where the images are there', async () => {
  const root = await layOut('good-masks', {
    files: {
      'images/a.png': { image: 0 },
      'masks/a_mask.png': { image: 1 },
      'SegmentationClass/a.png': { image: 2 },
      'masks/other.png': { image: 3 },
    },
  });
  const reading = new Reading(root);
  const paths = (await listed('flat-folder', root, reading)).map(({ path }) => path);
  expect(paths).toEqual(['images/a.png', 'masks/other.png']);
  expect(reading.result().left).toEqual([
    { kind: 'mask-file', name: '', count: 2, example: 'SegmentationClass/a.png' },
  ]);
});

test('a label file that is a link out of the folder is not read', async () => {
  const outside = await layOut('outside', { files: { 'secret.txt': 'secret 1 2 3 4' } });
  const root = await layOut('good-yolo-link', {
    files: {
      'data.yaml': 'train: images\nval: images\nnames: [a]\n',
      'images/a.png': { image: 0 },
      'labels/b.txt': '',
    },
  });
  await symlink(join(outside, 'secret.txt'), join(root, 'labels', 'a.txt'));
  const reading = new Reading(root);
  expect(await listed('yolo', root, reading)).toEqual([entry('images/a.png', { split: 'train' })]);
  expect(reading.result()).toMatchObject({
    left: [{ kind: 'all-boxes', count: 1, example: 'images/a.png' }],
    skipped: { examples: ['labels/a.txt: it is a link out of the folder, which is not followed.'] },
  });
});

const FRUITS = resolve(import.meta.dirname, '../../../shared/data/fruits');
describe.skipIf(!existsSync(FRUITS))('the fruits data (skipped where ../shared/data is absent)', () => {
  test('class folders and a generated batch with metadata.jsonl', async () => {
    expect((await findSource(join(FRUITS, 'real'), 'auto')).id).toBe('class-folders');
    const real = await listed('class-folders', join(FRUITS, 'real'));
    expect(real).toHaveLength(600);
    expect(new Set(real.map(({ label }) => label)).size).toBe(12);
    expect((await findSource(join(FRUITS, 'synthetic'), 'auto')).id).toBe('hf-imagefolder');
    const synthetic = await listed('hf-imagefolder', join(FRUITS, 'synthetic'));
    expect(synthetic).toHaveLength(1560);
    expect(synthetic[0]).toMatchObject({
      label: 'apple-granny-smith',
      seed: '1000',
      generator: 'turntable-sim',
    });
  });
});
