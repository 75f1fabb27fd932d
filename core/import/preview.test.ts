import { appendFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { probe } from '../../imaging/probe.ts';
import { runTask } from '../../rpc/run-task.ts';
import { startCore } from '../../test/support/core.ts';
import { writeDataset } from '../../test/support/dataset.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { Project } from '../project/project.ts';
import { classNaming } from './naming.ts';
import { previewImport } from './preview.ts';

const by = 'Mara';

test('says what an import would find, and writes nothing', async () => {
  const folder = temporaryFolder();
  const set = await writeDataset(join(folder, 'set'), 30);
  const core = startCore();
  const { folder: project } = await core.projects.create({
    project: join(folder, 'p'),
    by,
    model: 'patch256',
  });
  const { head } = await core.projects.status({ project });
  const from = join(set.folder, 'synthetic');
  const found = await core.imports.preview({ project, from });
  expect(found).toMatchObject({
    from,
    source: { id: 'hf-imagefolder' },
    files: 36,
    complete: true,
    unlabelled: 0,
    boxes: 0,
    unchanged: 0,
    batch: 'synthetic',
    generators: [{ name: 'test-gen', files: 30 }],
    projectClasses: [],
    problems: [],
  });
  expect(found.possible.map(({ id }) => id)).toEqual(['hf-imagefolder', 'flat-folder']);
  expect(found.classes.map(({ name }) => name).sort()).toEqual(['brick', 'leaf', 'water']);
  expect(found.classes.reduce((sum, { files }) => sum + files, 0)).toBe(36);
  expect(found.classes.every(({ known }) => !known)).toBe(true);
  expect(found.examples[0]).toEqual({ path: 's0000.png', label: 'brick' });
  // Three of each class, which can be seen before anything is imported.
  for (const name of ['brick', 'leaf', 'water'])
    expect(found.pictures.filter(({ label }) => label === name)).toHaveLength(3);
  const { key } = await core.projects.open({ project });
  for (const { id, path } of found.pictures)
    expect(await core.files.locate({ key, kind: 'found', id })).toEqual({
      path: join(from, path),
      mime: expect.stringMatching(/^image\//),
      immutable: false,
    });
  await core.imports.preview({ project, from: join(set.folder, 'real') });
  await expect(core.files.locate({ key, kind: 'found', id: found.pictures[0]!.id })).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringContaining('earlier preview'),
  });
  expect((await core.projects.status({ project })).head).toBe(head);

  // The import reads the same files.
  const summary = await runTask(core, 'import', { project, by, from, role: 'synthetic' });
  expect(summary.added + summary.broken.length).toBe(found.files);
  const again = await core.imports.preview({ project, from });
  expect(again).toMatchObject({
    batch: 'synthetic',
    unchanged: summary.added,
    projectClasses: ['brick', 'leaf', 'water'],
  });
  expect(again.classes.every(({ known }) => known)).toBe(true);

  // Another folder of the same name gets a name of its own.
  const other = join(folder, 'other', 'synthetic');
  cpSync(from, other, { recursive: true });
  expect(await core.imports.preview({ project, from: other, source: 'flat-folder' })).toMatchObject({
    batch: 'synthetic 2',
    source: { id: 'flat-folder' },
    why: 'You chose this format.',
    unlabelled: 36,
    unchanged: 0,
  });
});

test('names what is wrong in a manifest, with what could be read', async () => {
  const folder = temporaryFolder();
  const manifest = join(folder, 'list.jsonl');
  writeFileSync(manifest, '{"path": "a.png", "label": "leaf", "split": "train"}\n');
  appendFileSync(manifest, '{"path": "b.png", "boxes": 7}\n');
  const core = startCore();
  const { folder: project } = await core.projects.create({
    project: join(folder, 'p'),
    by,
    model: 'patch256',
  });
  const found = await core.imports.preview({ project, from: manifest });
  expect(found).toMatchObject({ files: 2, complete: true, splits: [{ name: 'train', files: 1 }] });
  expect(found.skipped.records).toBe(1);
  expect(found.skipped.examples[0]).toContain('line 2');
  const strict = await core.imports.preview({ project, from: manifest, strict: true });
  expect(strict).toMatchObject({ files: 1, complete: false });
  expect(strict.problems).toHaveLength(1);
  expect(strict.problems[0]).toContain('line 2');
  await expect(core.imports.preview({ project, from: manifest, encoding: 'klingon' })).rejects.toMatchObject({
    code: 'USAGE',
  });
  await expect(core.imports.preview({ project, from: join(folder, 'nothing') })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  await expect(core.imports.preview({ project, from: folder, source: 'nonsense' })).rejects.toMatchObject({
    code: 'USAGE',
  });
});

test('stops counting after its time, and says so', async () => {
  const folder = temporaryFolder();
  const rows = Array.from({ length: 5000 }, (_, i) => `{"path": "${i}.png"}`);
  writeFileSync(join(folder, 'list.jsonl'), rows.join('\n'));
  writeFileSync(join(folder, '7.png'), '');
  const project = Project.create(join(folder, 'p'), by);
  try {
    const options = {
      from: join(folder, 'list.jsonl'),
      source: 'auto',
      batch: null,
      strict: false,
      encoding: null,
    };
    const found = await previewImport(project, options, undefined, 0);
    expect(found.complete).toBe(false);
    expect(found.files).toBe(2000);
    expect(found.problems.join()).toContain('first 2,000 files');
    expect(await previewImport(project, options)).toMatchObject({
      complete: true,
      files: 5000,
      missing: 4999,
      problems: [],
    });
  } finally {
    project.close();
  }
});

test('classes are renamed, joined or left out on the way in, and the record keeps what they were', async () => {
  const folder = temporaryFolder();
  const set = await writeDataset(join(folder, 'set'), 9);
  const core = startCore();
  const { folder: project } = await core.projects.create({
    project: join(folder, 'p'),
    by,
    model: 'patch256',
  });
  await runTask(core, 'import', {
    project,
    by,
    from: join(set.folder, 'real'),
    role: 'real',
    classMap: { brick: 'stone', leaf: 'stone', water: null },
  });
  expect((await core.projects.status({ project })).classes).toEqual(['stone']);
  const { labels } = await core.images.facets({ project });
  expect(labels).toEqual([
    { name: 'stone', images: 48 },
    { name: null, images: 24 },
  ]);
  expect((await runTask(core, 'verify', { project })).ok).toBe(true);
  await core.projects.close({ project });
  const opened = Project.open(project, 'read');
  const bodies = [...opened.store.events.all()]
    .filter(({ kind }) => kind === 'files.imported')
    .map(({ body }) => body);
  opened.close();
  expect(bodies.join().match(/"sourceLabel":"water"/g)).toHaveLength(24);
});

test('boxes follow the class map', async () => {
  const folder = temporaryFolder();
  const set = await writeDataset(join(folder, 'set'), 9);
  const from = join(folder, 'boxed');
  mkdirSync(from);
  cpSync(join(set.folder, 'real', 'leaf', '0.png'), join(from, 'a.png'));
  const boxes = ['car', 'truck', 'dust'].map((label) => ({
    label,
    format: 'xywh-pixel',
    values: [1, 2, 3, 4],
  }));
  writeFileSync(join(from, 'list.jsonl'), JSON.stringify({ path: 'a.png', boxes }));
  const core = startCore();
  const { folder: project } = await core.projects.create({
    project: join(folder, 'p'),
    by,
    model: 'patch256',
  });
  const { classes, pictures } = await core.imports.preview({ project, from });
  const { width, height } = (await probe(join(from, 'a.png')))!;
  const box = { x: 1 / width, y: 2 / height, width: 3 / width, height: 4 / height };
  const rounded = (value: number): number => Number(value.toFixed(9));
  expect(pictures.map(({ label, path }) => [label, path])).toEqual([['car', 'a.png']]);
  expect(
    pictures[0]!.boxes.map(({ label, x, y, width: w, height: h, rings }) => [
      label,
      ...[x, y, w, h].map(rounded),
      rings,
    ]),
  ).toEqual(['car', 'truck', 'dust'].map((label) => [label, ...Object.values(box).map(rounded), []]));
  expect(classes.map(({ name, files }) => [name, files])).toEqual([
    ['car', 1],
    ['truck', 1],
    ['dust', 1],
  ]);
  const classMap = { car: 'vehicle', truck: 'vehicle', dust: null };
  await runTask(core, 'import', { project, by, from, role: 'real', classMap });
  await core.projects.close({ project });
  const opened = Project.open(project, 'read');
  expect(opened.store.images.boxes(1).map(({ label }) => label)).toEqual(['vehicle', 'vehicle']);
  opened.close();
});

test('a map touches no name that is not in it', () => {
  const map = classNaming({ a: 'b' });
  expect(['a', 'b', 'toString', null].map((name) => map.of(name))).toEqual(['b', 'b', 'toString', null]);
  expect(map.names(['a', 'b', 'c'])).toEqual(['b', 'c']);
});
