import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { entry, type SourceEntry } from '../../core/import/sources/define.ts';
import { findSource } from '../../core/import/detect.ts';
import { Reading } from '../../core/import/sources/reading.ts';
import { sources } from '../../core/import/sources/registry.ts';
import { errorCode } from '../../rpc/errors.ts';
import { makeImage } from '../support/images.ts';
import { BAD, GOOD, type Fixture } from '../support/source-fixtures.ts';

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'assay-sources-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

/** Writes a fixture as `<good|bad>-<name>` and returns the path to import. */
async function layOut(name: string, { files, root }: Fixture): Promise<string> {
  const folder = join(scratch, name.replace(/\W+/g, '-'));
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    const made = typeof content === 'object' && 'image' in content;
    await writeFile(file, made ? (await makeImage(content.image)).bytes : content);
  }
  return root === undefined ? folder : join(folder, root);
}

async function listed(source: string, root: string): Promise<SourceEntry[]> {
  const entries: SourceEntry[] = [];
  for await (const found of sources.get(source)!.list(root, new Reading(root, { strict: true })))
    entries.push(found);
  return entries;
}

describe.each([...sources.keys()])('source %s', (id) => {
  test.each(Object.entries(GOOD[id]!))('good: %s', async (name, fixture) => {
    const root = await layOut(`good-${id}-${name}`, fixture);
    expect((await findSource(root, 'auto')).id).toBe(id);
    const entries = await listed(id, root);
    expect(entries).toEqual(fixture.entries.map((facts) => entry(facts.path, facts)));
    expect(await listed(id, root)).toEqual(entries);
    expect(await sources.get(id)!.classes?.(root)).toEqual(fixture.classes);
  });

  test.each(Object.entries(BAD[id]!))('bad: %s', async (name, fixture) => {
    const root = await layOut(`bad-${id}-${name}`, fixture);
    expect((await findSource(root, 'auto')).id).toBe(id);
    const refused: unknown = await listed(id, root).catch((error: unknown) => error);
    expect(errorCode(refused)).toBe('SOURCE_UNREADABLE');
    expect(String(refused)).toMatch(fixture.says);
  });
});

test('a folder that fits no layout is refused with the list of known layouts', async () => {
  const root = await layOut('bad-empty', {
    files: { 'notes.txt': 'x', 'package.json': '{"name": "x"}', 'x.csv': 'a,b\n' },
  });
  const refused: unknown = await findSource(root, 'auto').catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'SOURCE_UNREADABLE' });
  for (const { layout } of sources.values()) expect(String(refused)).toContain(layout);
  await expect(findSource(join(root, 'gone'), 'auto')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('linked folders are listed, not entered: they could lead anywhere, or in circles', async () => {
  const root = await layOut('good-links', { files: { 'cat/1.png': { image: 0 } } });
  await symlink(root, join(root, 'cat', 'loop'));
  await symlink('/nowhere', join(root, 'cat', 'broken.png'));
  const paths = (await listed('class-folders', root)).map(({ path }) => path);
  expect(paths).toEqual(['cat/1.png', 'cat/broken.png', 'cat/loop']);
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
  expect(await listed('yolo', root)).toEqual([entry('images/a.png', { split: 'train', boxes: [] })]);
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
