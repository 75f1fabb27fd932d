import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { runTask } from '../../rpc/run-task.ts';
import { startCore } from '../../test/support/core.ts';
import { temporaryFolder } from '../../test/support/folders.ts';
import { EVENTS, type RecordedFile } from '../ledger/events.ts';
import { Project } from '../project/project.ts';

const by = 'Mara';

interface Pictured {
  /** Stored size and EXIF orientation of the JPEG. */
  stored: [number, number];
  orientation?: number;
  states: [number, number] | null;
  box: number[];
}

/** A COCO set with one gear in every image, each a JPEG of its own colour. */
async function writeSet(folder: string, set: Record<string, Pictured>): Promise<string> {
  mkdirSync(folder, { recursive: true });
  for (const [i, [name, { stored, orientation = 1 }]] of Object.entries(set).entries()) {
    const background = { r: i % 256, g: (7 * i) % 256, b: 80 };
    const [width, height] = stored;
    const picture = sharp({ create: { width, height, channels: 3, background } });
    if (existsSync(join(folder, name))) continue; // keeps its time
    writeFileSync(join(folder, name), await picture.withMetadata({ orientation }).jpeg().toBuffer());
  }
  const images = Object.entries(set).map(([file_name, { states }], id) => ({
    id,
    file_name,
    ...(states && { width: states[0], height: states[1] }),
  }));
  const annotations = Object.values(set).map(({ box }, id) => ({
    id,
    image_id: id,
    category_id: 1,
    bbox: box,
  }));
  const categories = [{ id: 1, name: 'gear' }];
  writeFileSync(join(folder, 'a.json'), JSON.stringify({ images, annotations, categories }));
  return folder;
}

const SET: Record<string, Pictured> = {
  'plain.jpg': { stored: [64, 48], states: [64, 48], box: [1, 2, 10, 20] },
  'upright.jpg': { stored: [64, 48], orientation: 6, states: [48, 64], box: [1, 2, 10, 20] },
  'turned.jpg': { stored: [64, 48], orientation: 6, states: [64, 48], box: [40, 2, 20, 10] },
  'half.jpg': { stored: [64, 48], states: [128, 96], box: [100, 20, 20, 40] },
  'both.jpg': { stored: [64, 48], orientation: 8, states: [128, 96], box: [100, 20, 20, 40] },
  'swapped.jpg': { stored: [64, 48], states: [48, 64], box: [1, 2, 10, 20] },
  'other.jpg': { stored: [64, 48], states: [80, 70], box: [1, 2, 10, 20] },
  'fits.jpg': { stored: [64, 48], states: [32, 24], box: [40, 2, 20, 20] },
  'mirrored.jpg': { stored: [64, 48], orientation: 2, states: [64, 48], box: [1, 2, 10, 20] },
  'outside.jpg': { stored: [64, 48], states: null, box: [70, 2, 10, 20] },
};

const NOTES = [
  '1 image states its size before the EXIF orientation is applied: the boxes are turned with the picture. For instance, turned.jpg states 64x48 and is 48x64.',
  '1 image states another size of the same shape: the boxes are scaled to the picture. For instance, half.jpg states 128x96 and is 64x48.',
  '1 image states another size, before the EXIF orientation is applied: the boxes are turned with the picture and scaled to it. For instance, both.jpg states 128x96 and is 48x64.',
  '1 image states its width and height the other way round, and has no EXIF orientation that explains it: the boxes are kept as written. For instance, swapped.jpg states 48x64 and is 64x48.',
  '1 image states a size that does not fit the picture: the boxes are kept as written. For instance, other.jpg states 80x70 and is 64x48.',
  '1 image states another size, and its boxes fit the picture only as written: they are kept so. For instance, fits.jpg states 32x24 and is 64x48.',
  '1 image has an EXIF orientation, and no stated size tells whether its boxes were drawn before or after it was applied: they are kept as written. For instance, mirrored.jpg has the orientation 2.',
  '1 box lies entirely outside the picture, in 1 image, for instance in outside.jpg, which is 64x48: kept as written.',
];

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

function recordedFiles(project: string): RecordedFile[] {
  const opened = Project.open(project, 'read');
  try {
    return [...opened.store.events.all()]
      .filter(({ kind }) => kind === 'files.imported')
      .flatMap(({ body }) => EVENTS['files.imported'].parse(JSON.parse(body)).files);
  } finally {
    opened.close();
  }
}

test('boxes are brought to the picture where that is certain, and every other one is named', async () => {
  const { folder, core, project } = await emptyProject();
  const from = await writeSet(join(folder, 'set'), SET);
  const preview = await core.imports.preview({ project, from });
  expect(preview.notes).toEqual(NOTES);
  const summary = await runTask(core, 'import', { project, by, from, role: 'real', device: 'cpu' });
  expect(summary).toMatchObject({ added: 10, broken: [], notes: NOTES });

  const files = recordedFiles(project);
  expect(Object.fromEntries(files.map(({ path, boxes }) => [path, boxes![0]!.values]))).toEqual({
    'plain.jpg': [1, 2, 10, 20],
    'upright.jpg': [1, 2, 10, 20],
    'turned.jpg': [36, 40, 10, 20],
    'half.jpg': [50, 10, 10, 20],
    'both.jpg': [10, 4, 20, 10],
    'swapped.jpg': [1, 2, 10, 20],
    'other.jpg': [1, 2, 10, 20],
    'fits.jpg': [40, 2, 20, 20],
    'mirrored.jpg': [1, 2, 10, 20],
    'outside.jpg': [70, 2, 10, 20],
  });
  expect(Object.fromEntries(files.flatMap(({ path, frame }) => (frame ? [[path, frame]] : [])))).toEqual({
    'turned.jpg': { boxes: 'turned', width: 64, height: 48, orientation: 6 },
    'half.jpg': { boxes: 'scaled', width: 128, height: 96 },
    'both.jpg': { boxes: 'turned-scaled', width: 128, height: 96, orientation: 8 },
    'swapped.jpg': { boxes: 'swapped', width: 48, height: 64 },
    'other.jpg': { boxes: 'other-size', width: 80, height: 70 },
    'fits.jpg': { boxes: 'beyond', width: 32, height: 24 },
    'mirrored.jpg': { boxes: 'open', width: 64, height: 48, orientation: 2 },
  });

  const { head } = await core.projects.status({ project });
  const again = await runTask(core, 'import', { project, by, from, role: 'real', device: 'cpu' });
  expect(again).toMatchObject({ added: 0, unchanged: 10, notes: NOTES });
  expect((await core.projects.status({ project })).head).toBe(head);
});

/** Pictures half as large as stated, every other one turned. */
function halved(count: number): Record<string, Pictured> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `${String(i).padStart(3, '0')}.jpg`,
      { stored: [16, 12], orientation: i % 2 ? 6 : 1, states: [32, 24], box: [8, 4, 4, 4] },
    ]),
  );
}

test('an import that goes on where it was says and records the same as one in a single go', async () => {
  const { folder, core, project } = await emptyProject();
  const from = join(folder, 'set');
  const options = { by, from, role: 'real', device: 'cpu' } as const;
  await writeSet(from, halved(9));
  const begun = await runTask(core, 'import', { project, ...options });
  expect(begun.notes[0]).toMatch(/^5 images state another size of the same shape/);
  await writeSet(from, halved(20));
  const { folder: whole } = await core.projects.create({ project: join(folder, 'q'), by, model: 'patch256' });
  const once = await runTask(core, 'import', { project: whole, ...options });
  expect(once.notes).toEqual([
    '10 images state another size of the same shape: the boxes are scaled to the picture. For instance, 000.jpg states 32x24 and is 16x12.',
    '10 images state another size, before the EXIF orientation is applied: the boxes are turned with the picture and scaled to it. For instance, 001.jpg states 32x24 and is 12x16.',
  ]);
  const resumed = await runTask(core, 'import', { project, ...options });
  expect(resumed).toMatchObject({ added: 11, unchanged: 9, notes: once.notes });
  const fitted = (files: RecordedFile[]) => files.map(({ path, boxes, frame }) => ({ path, boxes, frame }));
  expect(fitted(recordedFiles(project))).toEqual(fitted(recordedFiles(whole)));
});

test('a preview reads the headers of the first 200 images, and says so', async () => {
  const { folder, core, project } = await emptyProject();
  const all = await writeSet(join(folder, 'all'), halved(200));
  const more = await writeSet(join(folder, 'more'), halved(201));
  expect((await core.imports.preview({ project, from: all })).notes[0]).toMatch(/^100 images state/);
  expect((await core.imports.preview({ project, from: more })).notes[0]).toMatch(
    /^Of the first 200 images with boxes: 100 images state/,
  );
});

/** Where a picture is red, as x, y, width and height, read without turning it. */
async function redOf(picture: Buffer): Promise<number[]> {
  const { data, info } = await sharp(picture).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const [xs, ys] = [new Set<number>(), new Set<number>()];
  for (let i = 0; i < info.width * info.height; i++) {
    if (data[i * 3]! < 180 || data[i * 3 + 1]! > 90) continue;
    xs.add(i % info.width);
    ys.add(Math.floor(i / info.width));
  }
  return [Math.min(...xs), Math.min(...ys), xs.size, ys.size];
}

test('boxes lie on their corner in every orientation, after the import and in a release read by anybody', async () => {
  const { folder, core, project } = await emptyProject();
  const from = join(folder, 'set');
  mkdirSync(from);
  const [images, annotations]: [object[], object[]] = [[], []];
  for (let orientation = 1; orientation <= 8; orientation++) {
    const rgb = Buffer.alloc(24 * 16 * 3, 20 + orientation);
    for (let i = 0; i < 4 * 24; i++) if (i % 24 < 8) rgb.set([255, 0, 0], i * 3);
    const stored = sharp(rgb, { raw: { width: 24, height: 16, channels: 3 } });
    const file = await stored
      .withMetadata({ orientation })
      .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
      .toBuffer();
    const file_name = `${orientation}.jpg`;
    writeFileSync(join(from, file_name), file);
    const isTurned = orientation >= 5;
    // Where the sides swap, the size tells that the boxes are in the stored frame; else they are in the shown one.
    const bbox = await redOf(isTurned ? file : await sharp(file).autoOrient().png().toBuffer());
    images.push({ id: orientation, file_name, width: 24, height: 16 });
    annotations.push({ id: orientation, image_id: orientation, category_id: 1, bbox });
  }
  const categories = [{ id: 1, name: 'corner' }];
  writeFileSync(join(from, 'a.json'), JSON.stringify({ images, annotations, categories }));
  await runTask(core, 'import', { project, by, from, role: 'real', device: 'cpu' });
  const recorded = recordedFiles(project);
  expect(recorded.map(({ image }) => image!.orientation)).toEqual([undefined, 2, 3, 4, 5, 6, 7, 8]);
  for (const { path, boxes } of recorded) {
    const shown = await sharp(readFileSync(join(from, path)))
      .autoOrient()
      .png()
      .toBuffer();
    expect([path, boxes![0]!.values]).toEqual([path, await redOf(shown)]);
  }

  const to = join(folder, 'release');
  const { loses } = await runTask(core, 'release', { project, by, format: 'coco', to, undecided: 'in' });
  expect(loses).toContainEqual(expect.stringMatching(/^the files of 7 images \(turned JPEG 7\): a PNG/));
  const coco = JSON.parse(readFileSync(join(to, 'annotations', 'instances_train.json'), 'utf8')) as {
    images: { id: number; file_name: string; width: number; height: number }[];
    annotations: { image_id: number; bbox: number[] }[];
  };
  expect(coco.images).toHaveLength(8);
  for (const { id, file_name, width, height } of coco.images) {
    const bytes = readFileSync(join(to, 'images', file_name));
    expect(await sharp(bytes).metadata()).toMatchObject({ width, height });
    const { bbox } = coco.annotations.find(({ image_id }) => image_id === id)!;
    expect([file_name, bbox]).toEqual([file_name, await redOf(bytes)]);
  }
});
