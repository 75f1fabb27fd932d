import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { leftLines } from '../../rpc/contract/import-words.ts';
import { DecodePool } from '../../imaging/decode-pool.ts';
import { runTask } from '../../rpc/run-task.ts';
import { patternRgb, png, textChunk } from '../../imaging/testing/build.ts';
import { startCore } from '../../test/support/core.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { makeImage } from '../../test/support/images.ts';
import carla from '../../test/support/sources/carla.ts';
import replicator from '../../test/support/sources/replicator.ts';
import solo from '../../test/support/sources/solo.ts';
import { writeFixture } from '../../test/support/sources/write.ts';
import { Project } from '../project/project.ts';
import classMaps from './sources/class-maps.ts';
import coco from './sources/coco.ts';
import { Reading } from './sources/reading.ts';

const by = 'Mara';

async function emptyProject() {
  const folder = temporaryFolder();
  const core = startCore();
  const { folder: project } = await core.projects.create({
    project: join(folder, 'p'),
    by,
    model: 'patch256',
  });
  return { folder, core, project };
}

/** COCO with a polygon of two points and a half, and an annotation of an unknown class. */
async function writeCoco(folder: string): Promise<string> {
  mkdirSync(folder);
  writeFileSync(join(folder, 'a.png'), (await makeImage(0)).bytes);
  const polygon = {
    id: 1,
    image_id: 1,
    category_id: 1,
    bbox: [1, 1, 4, 4],
    segmentation: [[1, 1, 5, 1, 5]],
  };
  const faulty = { id: 2, image_id: 1, category_id: 9, bbox: [1, 1, 4, 4] };
  writeFileSync(
    join(folder, 'a.json'),
    JSON.stringify({
      images: [{ id: 1, file_name: 'a.png' }],
      annotations: [polygon, faulty],
      categories: [{ id: 1, name: 'gear' }],
    }),
  );
  return folder;
}

test('what an import leaves behind is on the record, once, and follows the dataset', async () => {
  const { folder, core, project } = await emptyProject();
  const from = await writeCoco(join(folder, 'set'));
  await runTask(core, 'import', { project, by, from, role: 'real' });
  const polygons = { kind: 'polygon', name: '', count: 1, example: 'a.json' };
  const faulty = { kind: 'faulty', name: '', count: 1, example: null };
  const left = () => {
    const opened = Project.open(project, 'read');
    try {
      return opened.store.batches.leftBehind([opened.store.batches.byName('set')!.id]);
    } finally {
      opened.close();
    }
  };
  const boxes = { kind: 'some-boxes', name: '', count: 1, example: 'a.png' };
  expect(left()).toEqual([faulty, polygons, boxes]);
  const { head } = await core.projects.status({ project });
  await runTask(core, 'import', { project, by, from, role: 'real' });
  expect((await core.projects.status({ project })).head).toBe(head);

  const text = JSON.stringify({
    images: [{ id: 1, file_name: 'a.png' }],
    annotations: [],
    categories: [{ id: 1, name: 'gear' }],
  });
  writeFileSync(join(from, 'a.json'), text);
  await runTask(core, 'import', { project, by, from, role: 'real' });
  expect(left()).toEqual([]);
});

test.each([
  [
    'none of the images is there',
    { 'a.csv': 'path,label\ngone.png,cat\n' },
    /The one image that .* lists is not in .*\. The folder holds no image at all; the list names gone\.png\./,
  ],
  [
    'none of several is there, one other is',
    { 'a.csv': 'path,label\n1.png,cat\n2.png,cat\n', 'zz.jpg': '' },
    /None of the 2 images that .*\. The image most like 1\.png: zz\.jpg\./,
  ],
  [
    'none is there, others are',
    { 'a.csv': 'path,label\npics/0001.png,cat\n', 'img/0001.webp': '', 'img/2.png': '' },
    /The images most like pics\/0001\.png: img\/0001\.webp, img\/2\.png\./,
  ],
  ['a layout that nobody reads', { 'JPEGImages/a.png': '', 'b.mat': 'x' }, /MATLAB.*b\.mat/],
  ['several layouts', { 'images/a.png': '', 'masks/a.png': '' }, /"images", "masks"/],
  ['no image at all', { 'a.csv': 'path,label\n' }, /lists no image/],
])('an import that stops in its survey writes nothing: %s', async (_, files, says) => {
  const { folder, core, project } = await emptyProject();
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, 'set', path, '..'), { recursive: true });
    writeFileSync(join(folder, 'set', path), content === '' ? (await makeImage(0)).bytes : content);
  }
  const { head } = await core.projects.status({ project });
  const refused = await runTask(core, 'import', {
    project,
    by,
    from: join(folder, 'set'),
    role: 'real',
  }).catch((error: unknown) => String(error));
  expect(refused).toMatch(says);
  expect((await core.projects.status({ project })).head).toBe(head);
  const opened = Project.open(project, 'read');
  try {
    expect(opened.store.batches.all()).toEqual([]);
    expect(opened.store.batches.labels()).toEqual([]);
  } finally {
    opened.close();
  }
});

test('images that are listed and not there are counted before and after, and pictures that nobody reads', async () => {
  const { folder, core, project } = await emptyProject();
  const from = join(folder, 'set');
  mkdirSync(join(from, '@eaDir'), { recursive: true });
  writeFileSync(join(from, 'a.png'), (await makeImage(0)).bytes);
  for (const name of ['scan.exr', 'b.jxl', '@eaDir/a.png@SynoEAStream']) writeFileSync(join(from, name), 'x');
  writeFileSync(join(from, 'a.csv'), 'path,label\na.png,cat\ngone.png,cat\n');
  const left = [
    { kind: 'file', name: '.exr', count: 1 },
    { kind: 'file', name: '.jxl', count: 1 },
    { kind: 'preview', name: '', count: 1 },
  ];
  const preview = await core.imports.preview({ project, from });
  expect(preview).toMatchObject({ files: 2, missing: 1, problems: [] });
  expect(preview.left.toSorted(byName)).toMatchObject(left.toSorted(byName));
  const summary = await runTask(core, 'import', { project, by, from, role: 'real' });
  expect(summary).toMatchObject({ added: 1, missing: 1, broken: [{ path: 'gone.png', code: 'NOT_FOUND' }] });
  expect(summary.left).toEqual(preview.left);
  expect(leftLines(summary.left).map(({ words }) => words)).toContain(
    '1 file .jxl (JPEG XL: `djxl photo.jxl photo.png` makes a PNG of one)',
  );
});

test('images with the text of an unknown generator are counted', async () => {
  const { folder, core, project } = await emptyProject();
  const from = join(folder, 'set');
  mkdirSync(from);
  const lines = 'Sampler: k_euler, CFG: 7, Negative Prompt: blur';
  const text = [textChunk('Comment', lines)];
  writeFileSync(join(from, 'a.png'), png({ width: 8, height: 8, pixels: patternRgb(8, 8), before: text }));
  writeFileSync(join(from, 'b.png'), png({ width: 8, height: 8, pixels: patternRgb(8, 8) }));
  const summary = await runTask(core, 'import', { project, by, from, role: 'synthetic' });
  expect(summary).toMatchObject({ added: 2, unknownMetadata: 1 });
});

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}

/** The border of the first mask in parts of 24 x 16 pixels. */
const EDGES = {
  replicator: [6 / 24, 2 / 16, 6 / 24, 7 / 16, 1 / 24, 7 / 16, 1 / 24, 2 / 16],
  solo: [6 / 24, 3 / 16, 6 / 24, 8 / 16, 2 / 24, 8 / 16, 2 / 24, 3 / 16],
  carla: [6 / 24, 3 / 16, 6 / 24, 8 / 16, 2 / 24, 8 / 16, 2 / 24, 3 / 16],
};

test('folders of renderers go from the preview to a release with every mask', async () => {
  const { folder, core, project } = await emptyProject();
  const wanted: unknown[] = [];
  for (const [id, name] of [
    ['replicator', 'flat, with boxes joined to instances by prim, one hidden and one without a box'],
    ['solo', 'boxes, instances and keypoints joined by instance, two cameras, class maps'],
    ['carla', 'class and instance maps, raw and in colours, and a picture without a map'],
  ] as const) {
    const fixture = { replicator, solo, carla }[id].good[name]!;
    // The fixtures share their pictures, which would be duplicates here.
    const files = Object.entries(fixture.files).map(([path, content]) =>
      typeof content === 'object' && 'image' in content
        ? [path, { image: content.image + 100 * (wanted.length + 1) }]
        : [path, content],
    );
    const from = await writeFixture(join(folder, id), { files: Object.fromEntries(files) });
    const preview = await core.imports.preview({ project, from });
    expect(preview).toMatchObject({ source: { id }, files: fixture.entries.length, problems: [] });
    expect(preview.left).toMatchObject(fixture.left!);
    const drawn = preview.pictures.flatMap(({ boxes }) => boxes);
    expect(drawn.find(({ rings }) => rings.length > 0)).toMatchObject({ rings: [EDGES[id]] });
    const summary = await runTask(core, 'import', { project, by, from, role: 'synthetic' });
    expect(summary).toMatchObject({ source: id, added: fixture.entries.length, broken: [] });
    wanted.push(...fixture.entries.flatMap(({ boxes }) => (boxes ?? []).map(({ detail }) => detail?.mask)));
  }
  const to = join(folder, 'release');
  await runTask(core, 'release', { project, by, format: 'coco', to, undecided: 'in' });
  const masks: unknown[] = [];
  for await (const { boxes } of coco.list(to, new Reading(to)))
    masks.push(...(boxes ?? []).map(({ detail }) => detail?.mask));
  const text = (all: unknown[]): string[] => all.map((one) => JSON.stringify(one) ?? '').sort();
  expect(text(masks)).toEqual(text(wanted));
  expect(wanted.filter(Boolean)).toHaveLength(10);

  // Drawn as maps again, and read from these, they are the same to the pixel.
  const drawn = join(folder, 'maps');
  await runTask(core, 'release', { project, by, format: 'masks', to: drawn, undecided: 'in' });
  const maps = new DecodePool({ workers: 1 });
  onTestFinished(() => maps.close());
  const again: unknown[] = [];
  for await (const { boxes } of classMaps.list(drawn, new Reading(drawn, { maps, strict: true })))
    again.push(...(boxes ?? []).map(({ detail }) => detail?.mask));
  expect(text(again)).toEqual(text(wanted.filter(Boolean)));
});
