import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { box, cocoText, image, readDataset } from '../../../test/support/sources/coco.ts';
import { folderWith } from '../../../test/support/folders.ts';
import coco from './coco.ts';
import jsonl from './jsonl-manifest.ts';
import { Reading } from './reading.ts';

const CAT = [null, 'cat', 'cat 1 2 3 4'];
const ONE = { images: [image(1)] };
const TEXT = cocoText([box()], ONE);

describe('COCO is told by what it says, wherever it lies', () => {
  test.each([
    'a.json',
    'annotations/a.json',
    'Annotations/a.json',
    'annotation/x.JSON',
    'annotations/sub/a.json',
    'meta/deep/a.json',
  ])('%s', async (path) => {
    const found = await readDataset({ 'images/1.jpg': '', [path]: TEXT });
    expect(found).toMatchObject({ detected: true, images: { 'images/1.jpg': CAT }, skipped: [], notes: [] });
  });

  const { images, annotations, categories } = JSON.parse(TEXT) as Record<string, unknown[]>;
  test.each<[name: string, file: object]>([
    ['licenses first', { licenses: [{ id: 1 }], images, annotations, categories }],
    ['own keys first', { mine: { images: [1] }, n: 1, 'a "': ['['], categories, annotations, images }],
    ['annotations first', { annotations, images, categories }],
    ['classes first', { categories, images, annotations }],
    [
      'many own keys first',
      { own: Array.from({ length: 40_000 }, (_, i) => ({ i })), categories, images, annotations },
    ],
    [
      'very many annotations before the images',
      { annotations: Array.from({ length: 5000 }, () => box()), images, categories },
    ],
  ])('%s', async (_, file) => {
    const found = await readDataset({ '1.jpg': '', 'a.json': `\uFEFF ${JSON.stringify(file)}` });
    expect(found.detected).toBe(true);
    expect(found.images['1.jpg']?.slice(0, 3)).toEqual(CAT);
  });

  const LABELME = {
    version: '5.0',
    flags: {},
    shapes: [{ label: 'cat', points: [[1, 2]] }],
    imagePath: '1.jpg',
    imageData: 'x',
  };
  test.each<[name: string, text: string]>([
    ['results', JSON.stringify([{ image_id: 1, category_id: 7, bbox: [1, 2, 3, 4], score: 0.5 }])],
    ['a list', '[]'],
    ['LabelMe', JSON.stringify(LABELME)],
    [
      'questions about images',
      JSON.stringify({ annotations: [{ question_id: 1, image_id: 1, answer: 'x' }] }),
    ],
    [
      'images by other names',
      JSON.stringify({ images: [{ filename: '1.jpg', sentences: [] }], dataset: 'x' }),
    ],
    [
      'one image with masks',
      JSON.stringify({ image: { image_id: 1, file_name: '1.jpg' }, annotations: [{ id: 1, area: 2 }] }),
    ],
    ['a manifest of its own', JSON.stringify({ '@context': {}, name: 'x', recordSet: [{ images: [] }] })],
    ['text', 'no JSON'],
  ])('%s: no COCO', async (_, text) => {
    const folder = folderWith({ '1.jpg': '', 'annotations/a.json': text });
    expect(await coco.detects(folder)).toBe(false);
    expect(await coco.detects(`${folder}/annotations/a.json`)).toBe(false);
  });
});

test('a list of results, named as COCO, is refused with what it is', async () => {
  const results = JSON.stringify([{ image_id: 1, category_id: 7, bbox: [1, 2, 3, 4], score: 0.5 }]);
  await expect(readDataset({ '1.jpg': '', 'a.json': results })).rejects.toThrow(
    'a.json: this is a list of detection results, not a dataset',
  );
  const texts = folderWith({ '1.jpg': '', 'a.json': results.replace('1,', '"1.jpg",') });
  expect([await coco.detects(texts), await jsonl.detects(texts)]).toEqual([false, false]);
});

test('classes are those of the instances, not of other views', async () => {
  const folder = folderWith({
    'instances_val.json': TEXT,
    'stuff_val.json': cocoText([], { categories: [{ id: 1, name: 'sky' }] }),
  });
  expect(await coco.classes!(folder)).toEqual(['cat', 'dog']);
  expect(await coco.classes!(`${folder}/stuff_val.json`)).toEqual(['sky']);
});

describe('images are found by their names, wherever they lie', () => {
  test.each<[json: string, name: string, path: string, split: string | null]>([
    ['annotations/person_keypoints_val2017.json', '1.jpg', 'val2017/1.jpg', 'val'],
    ['annotations/instances_val2017.json', 'val2017\\1.jpg', 'val2017/1.jpg', 'val'],
    ['instances_val2017.json', '/home/somebody/coco/val2017/1.jpg', 'val2017/1.jpg', 'val'],
    ['a.json', 'D:\\coco\\val2017\\1.jpg', 'val2017/1.jpg', null],
    ['train.json', '1.jpg', 'train2017/1.jpg', 'train'],
    ['annotations/val/a.json', '1.jpg', 'images/val/1.jpg', 'val'],
    ['Annotations/a.json', '1.jpg', 'JPEGImages/1.jpg', null],
    ['a.json', 'test/1.jpg', 'deep/down/test/1.jpg', 'test'],
    ['val/_annotations.coco.json', '1.jpg', 'val/1.jpg', 'val'],
  ])('%s and %s', async (json, name, path, split) => {
    const text = cocoText([box()], { images: [image(1, { file_name: name })] });
    const others = { 'train2017/0.jpg': '', 'val2017/0.jpg': '', [path]: '' };
    const { images, skipped, notes } = await readDataset({ ...others, [json]: text });
    expect({ images, skipped, notes }).toEqual({
      images: { [path]: [split, ...CAT.slice(1)] },
      skipped: [],
      notes: [],
    });
  });

  test('the end of an address, where there is no name', async () => {
    const address = 'https://images.example/a%20set/val2017/1.jpg?size=big';
    const images = [{ id: 1, coco_url: address }];
    const found = await readDataset({
      'x/val2017/1.jpg': '',
      'y/1.jpg': '',
      'a.json': cocoText([box()], { images }),
    });
    expect(found.images).toEqual({ 'x/val2017/1.jpg': ['val2017', ...CAT.slice(1)] });
    expect(found.notes).toEqual(['a.json: 1 image has no `file_name`; the end of its `coco_url` names it.']);
  });

  test('the same names in two folders: each file has the folder that it names', async () => {
    const files = { 'train2017/1.jpg': '', 'val2017/1.jpg': '' };
    const set = (id: number) => cocoText([box({ category_id: id })], ONE);
    const found = await readDataset({
      ...files,
      'annotations/instances_train2017.json': set(3),
      'annotations/instances_val2017.json': set(7),
    });
    expect(found.images).toEqual({
      'train2017/1.jpg': ['train', 'dog', 'dog 1 2 3 4'],
      'val2017/1.jpg': ['val', 'cat', 'cat 1 2 3 4'],
    });
    const nameless = await readDataset({ ...files, 'a.json': TEXT });
    expect(nameless.images).toEqual({ 'train2017/1.jpg': CAT });
    expect(nameless.notes).toEqual([
      'a.json: images of the same names are in train2017 and in val2017; those in the first were taken.',
    ]);
  });

  test('a file stands for the folder above its annotations', async () => {
    const found = await readDataset(
      { 'val2017/1.jpg': '', 'Annotations/sub/instances_val2017.json': TEXT, 'a.json': TEXT },
      'Annotations/sub/instances_val2017.json',
    );
    expect(found.images).toEqual({ 'val2017/1.jpg': ['val', 'cat', 'cat 1 2 3 4'] });
  });

  test('images that are missing are listed where they should be', async () => {
    const found = await readDataset({ 'images/1.jpg': '', 'a.json': cocoText([box()]) });
    expect(Object.keys(found.images)).toEqual(['images/1.jpg', 'images/2.jpg']);
  });
});

test.each<[name: string, encoding: BufferEncoding, named: string | null]>([
  ['UTF-16', 'utf16le', null],
  ['Latin-1, named', 'latin1', 'windows-1252'],
])('COCO in %s', async (_, encoding, named) => {
  const folder = folderWith({ '1.jpg': '' });
  const text = cocoText([box()], { ...ONE, categories: [{ id: 7, name: 'café' }] });
  writeFileSync(join(folder, 'a.json'), Buffer.from(text, encoding));
  expect(await coco.detects(folder)).toBe(true);
  expect(await coco.classes!(folder, named)).toEqual(['café']);
  const reading = new Reading(folder, { encoding: named });
  for await (const { label } of coco.list(folder, reading)) expect(label).toBe('café');
});

test('COCO in an encoding that nobody named is refused, with the remedy', async () => {
  const folder = folderWith({ '1.jpg': '' });
  const text = cocoText([box()], { categories: [{ id: 7, name: 'café' }] });
  writeFileSync(join(folder, 'a.json'), Buffer.from(text, 'latin1'));
  const listed = coco.list(folder, new Reading(folder))[Symbol.asyncIterator]().next();
  await expect(listed).rejects.toThrow('not UTF-8 text. Save the file as UTF-8, or name its encoding');
});

describe('several files', () => {
  const WHOLE = { 'val2017/1.jpg': '', 'annotations/instances_val2017.json': TEXT };
  const VAL = { 'val2017/1.jpg': ['val', 'cat', 'cat 1 2 3 4'] };
  const keypoints = cocoText(
    [
      box({ id: 1, keypoints: [1, 2, 2], num_keypoints: 1 }),
      box({ id: 2, bbox: [5, 5, 5, 5], keypoints: [0, 0, 0], num_keypoints: 0 }),
    ],
    ONE,
  );
  const captions = cocoText([{ id: 1, image_id: 1, caption: 'a cat' }], { ...ONE, categories: undefined });
  const panoptic = cocoText(
    [{ image_id: 1, file_name: '1.png', segments_info: [{ id: 1 }, { id: 2 }] }],
    ONE,
  );
  const stuff = cocoText([box({ bbox: [0, 0, 9, 9], segmentation: { size: [9, 9], counts: [0, 81] } })], ONE);

  test('other views of the same images are counted, not read', async () => {
    const found = await readDataset({
      ...WHOLE,
      'annotations/captions_val2017.json': captions,
      'annotations/panoptic_val2017.json': panoptic,
      'annotations/person_keypoints_val2017.json': keypoints,
      'annotations/stuff_val2017.json': stuff,
      'annotations/results.json': '[{"image_id": 1}]',
    });
    expect(found.images).toEqual(VAL);
    expect(found.left.sort()).toEqual([
      '1 caption',
      '1 file of detection results',
      '1 set of keypoints',
      '3 masks',
    ]);
    const same = 'shows the same images as annotations/instances_val2017.json; its';
    expect(found.notes).toEqual([
      `annotations/person_keypoints_val2017.json ${same} keypoints were counted and left out.`,
      `annotations/stuff_val2017.json ${same} masks of stuff were counted and left out.`,
      `annotations/captions_val2017.json ${same} captions were counted and left out.`,
      `annotations/panoptic_val2017.json ${same} masks were counted and left out.`,
    ]);
  });

  test('keypoints alone give their boxes, captions alone their images', async () => {
    const boxes = await readDataset({ 'val2017/1.jpg': '', 'person_keypoints_val2017.json': keypoints });
    expect(boxes).toMatchObject({
      images: { 'val2017/1.jpg': ['val', 'cat', 'cat 1 2 3 4', 'cat 5 5 5 5'] },
      left: [],
      notes: [],
    });
    const texts = await readDataset({ 'val2017/1.jpg': '', 'captions_val2017.json': captions });
    expect(texts).toMatchObject({ images: { 'val2017/1.jpg': ['val', null, null] }, left: ['1 caption'] });
    await expect(readDataset({ '1.jpg': '', 'a.json': panoptic })).rejects.toThrow('panoptic segmentation');
  });

  test('a file without an image in the folder is left out', async () => {
    const train = cocoText([box({ image_id: 5 })], { images: [image(5), image(6)] });
    const found = await readDataset({ ...WHOLE, 'annotations/instances_train2017.json': train });
    expect(found.images).toEqual(VAL);
    expect(found.notes).toEqual([
      'annotations/instances_train2017.json: none of its 2 images is in the folder; it was left out.',
    ]);
  });

  test('a list of images without annotations: nobody was asked for boxes', async () => {
    const list = JSON.stringify({ images: [image(1), image(9)], categories: [] });
    const found = await readDataset({
      ...WHOLE,
      'val2017/9.jpg': '',
      'annotations/image_info_test.json': list,
    });
    expect(found.images).toEqual({ ...VAL, 'val2017/9.jpg': ['test', null, null] });
  });

  test('parts that repeat the whole are read once; parts that contradict it are refused', async () => {
    const all = { '1.jpg': '', '2.jpg': '', 'train.json': TEXT };
    const repeats = await readDataset({ ...all, 'all.json': cocoText([box()]) });
    expect(repeats.images).toEqual({ '1.jpg': ['train', 'cat', 'cat 1 2 3 4'], '2.jpg': [null, null] });
    expect(repeats.notes).toEqual([
      'all.json: 1 of its images are also in train.json, with the same annotations; they were read once.',
    ]);
    const other = cocoText([box({ bbox: [1, 2, 3, 5] })]);
    await expect(readDataset({ ...all, 'all.json': other })).rejects.toThrow(
      'all.json: 1 of its images are also in train.json, with other annotations, for instance 1.jpg. Import one of the two files, by its name.',
    );
    const named = await readDataset({ ...all, 'all.json': other }, 'all.json');
    expect(named.images['1.jpg']).toEqual([null, 'cat', 'cat 1 2 3 5']);
  });
});
