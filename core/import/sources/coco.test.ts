import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith } from '../../../test/support/folders.ts';
import { box, cocoText, image, readDataset } from '../../../test/support/sources/coco.ts';
import coco from './coco.ts';
import { Reading } from './reading.ts';

const IMAGES = { '1.jpg': '', '2.jpg': '' };
const read = (annotations: (object | string)[], more = {}) =>
  readDataset({ ...IMAGES, 'a.json': cocoText(annotations as Record<string, unknown>[], more) });
const CAT = { '1.jpg': [null, 'cat', 'cat 1 2 3 4'], '2.jpg': [null, null] };
const NOTHING = { detected: true, left: [], skipped: [], notes: [] };

test('boxes of one class name the image', async () => {
  expect(await read([box()])).toEqual({ ...NOTHING, images: CAT });
});

describe('what can only be meant one way is read, and said', () => {
  test('NaN and Infinity where nobody reads', async () => {
    const found = await read([
      '{"id": 1, "image_id": 1, "category_id": 7, "bbox": [1, 2, 3, 4], "area": NaN, "note": "NaN", "x": [-Infinity, "\\"Infinity"]}',
    ]);
    expect(found.images).toEqual(CAT);
    expect(found.notes).toEqual([
      'a.json: 2 values are NaN or Infinity, which JSON does not have; read as missing.',
    ]);
  });

  test('boxes written as text', async () => {
    const found = await read([box({ bbox: ['1', ' 2.0', '3', '4e0'] })]);
    expect(found.images).toEqual(CAT);
    expect(found.notes).toEqual(['a.json: 1 box is written as text; its numbers were read.']);
  });

  test('ids as text and as numbers', async () => {
    const found = await read([box({ image_id: '1', category_id: '7' })]);
    expect(found.images).toEqual(CAT);
    expect(found.notes).toEqual([
      'a.json: Ids are text in some places and numbers in others; 1 and "1" were read as the same.',
    ]);
    const both = await read([box({ image_id: '1' })], {
      images: [image(1), image(2), { id: '1', file_name: '3.jpg' }],
    });
    expect(both.images).toMatchObject({ '1.jpg': [null, null], '3.jpg': [null, 'cat', 'cat 1 2 3 4'] });
    expect(both.notes).toEqual([]);
  });

  test('ids beyond 2^53 stay apart', async () => {
    const records =
      '{"id": 90071992547409931, "file_name": "1.jpg"},\n{"id": 90071992547409932, "file_name": "2.jpg"}';
    const found = await read(
      ['{"id": 1, "image_id": 90071992547409931, "category_id": 7, "bbox": [1, 2, 3, 4]}'],
      {
        images: [records],
      },
    );
    expect(found).toEqual({ ...NOTHING, images: CAT });
  });

  test('a polygon or mask without a box gets the box around it', async () => {
    const polygon = box({ bbox: undefined, segmentation: [[1, 2, 4, 2, 4, 6, 2, 5]] });
    expect(await read([polygon])).toMatchObject({
      images: CAT,
      left: ['1 polygon (its enclosing box is kept)'],
      notes: ['a.json: 1 annotation has a shape and no `bbox`; the box around the shape was taken.'],
    });
    const runs = { size: [8, 5], counts: [10, 4, 4, 4, 4, 4, 10] };
    const mask = await read([box({ bbox: [], segmentation: runs })]);
    expect(mask).toMatchObject({ images: CAT, left: ['1 mask'] });
  });

  test('categories of one name are one class; blanks around names tell none apart', async () => {
    const found = await read([box(), box({ category_id: 5 })], {
      categories: [{ id: 7, name: 'cat' }, { id: 5, name: 'cat' }, { id: 6, name: ' cat' }, { id: 8 }],
    });
    expect(found.images['1.jpg']).toEqual([null, 'cat', 'cat 1 2 3 4', 'cat 1 2 3 4']);
    expect(found.notes).toEqual([
      'a.json: Several categories are called "cat"; they were read as one class.',
    ]);
    const spaced = await read([box({ bbox: undefined }), box({ category_id: 6, bbox: undefined })], {
      categories: [
        { id: 7, name: 'cat' },
        { id: 6, name: ' cat' },
      ],
    });
    expect(spaced).toMatchObject({ images: { '1.jpg': [null, ' cat', null] }, left: [] });
    expect(found.skipped).toEqual(['a.json, line 13: a category without `id` or `name` (id 8).']);
  });
});

describe('nothing is left behind without being counted', () => {
  const SHAPE = [[1, 2, 4, 2, 4, 6]];
  test.each<[name: string, more: Record<string, unknown>, left: string[]]>([
    ['a polygon', { segmentation: SHAPE }, ['1 polygon (its enclosing box is kept)']],
    ['a compressed mask', { segmentation: { size: [9, 9], counts: 'X' } }, ['1 mask']],
    ['keypoints', { keypoints: [1, 1, 2], num_keypoints: 1 }, ['1 set of keypoints']],
    ['a track', { track_id: 0, instance_id: 5 }, ['2 track ids']],
    ['an area that is not that of the box', { area: 7 }, ['1 value in the column "area"']],
    ['a score', { score: 0.5 }, ['1 confidence']],
    ['a caption', { caption: 'x' }, ['1 caption']],
    ['a column', { Notes: 'x' }, ['1 value in the column "Notes"']],
    [
      'attributes as CVAT writes them',
      { attributes: { occluded: true, rotation: 12.5, track_id: 3, keyframe: false } },
      ['1 attribute "occluded"', '1 rotation of a box', '1 track id'],
    ],
    [
      'what says nothing',
      {
        segmentation: [],
        area: 12,
        iscrowd: 0,
        attributes: { occluded: false, rotation: 0 },
        keypoints: [0, 0, 0],
        x: '',
      },
      [],
    ],
    ['the corners of the box', { segmentation: [[1, 2, 4, 2, 4, 6, 1, 6]] }, []],
  ])('%s', async (_, more, left) => {
    const found = await read([box(more)]);
    expect(found.images).toEqual(CAT);
    expect(found.left.sort()).toEqual(left.sort());
  });

  test('crowds are regions, not objects', async () => {
    const found = await read([box(), box({ iscrowd: 1, segmentation: { size: [2, 2], counts: [0, 4] } })]);
    expect(found).toEqual({ ...NOTHING, images: CAT, left: ['1 region of a crowd'] });
    const only = await read([box({ iscrowd: 1 })]);
    expect(only.notes).toEqual([
      'a.json: All its annotations are marked as crowds, and regions of crowds are not read.',
    ]);
  });

  test('columns of images that no field takes, and supercategories', async () => {
    const found = await read([box()], {
      images: [
        image(1, { license: 4, flickr_url: '', prompt: 'a cat', category_id: 3, weather: 'rain' }),
        image(2),
      ],
      categories: [
        { id: 7, name: 'cat', supercategory: 'animal' },
        { id: 3, name: 'dog', supercategory: 'dog', synset: 'dog.n.01', skeleton: [[1, 2]] },
      ],
    });
    expect(found.left.sort()).toEqual([
      '1 value in the column "category_id"',
      '1 value in the column "license"',
      '1 value in the column "supercategory"',
      '1 value in the column "synset"',
      '1 value in the column "weather"',
    ]);
  });

  test('images of the folder that no file lists', async () => {
    const files = { ...IMAGES, 'sub/3.jpg': '', 'sub/4.png': '', 'a.json': cocoText([box()]) };
    const found = await readDataset(files);
    expect(found).toEqual({ ...NOTHING, images: CAT, left: ['2 images that no annotation file lists'] });
    const named = await readDataset(files, 'a.json');
    expect(named.left).toEqual([]);
  });

  test('labels of an image that has several', async () => {
    const found = await read([box({ bbox: null }), box({ bbox: null, category_id: 3 })]);
    expect(found.images['1.jpg']).toEqual([null, null, null]);
    expect(found.left).toEqual(['2 labels of images that have several']);
  });
});

test('the label of a whole image that a release marks is no box', async () => {
  const corners = [[0, 0, 9, 0, 9, 9, 0, 9]];
  const marked = box({ bbox: [0, 0, 9, 9], segmentation: corners, area: 81, whole_image: true });
  const found = await read([marked, box({ image_id: 2, category_id: 3 })]);
  expect(found).toEqual({
    ...NOTHING,
    images: { '1.jpg': [null, 'cat'], '2.jpg': [null, 'dog', 'dog 1 2 3 4'] },
  });
});

test('a box that a release clipped comes back as it was', async () => {
  const corners = [[0, 2, 3, 2, 3, 6, 0, 6]];
  const clipped = { bbox: [0, 2, 3, 4], segmentation: corners, area: 12 };
  const found = await read([box({ ...clipped, given_bbox: [-1.5, 2, 4.5, 4] })]);
  expect(found).toEqual({
    ...NOTHING,
    images: { '1.jpg': [null, 'cat', 'cat -1.5 2 4.5 4'], '2.jpg': [null, null] },
  });
});

const CORNERS = [[1, 2, 4, 2, 4, 6, 1, 6]];
test.each([
  ['another left border', { given_bbox: [-1, 2, 5, 4], segmentation: CORNERS }],
  ['an end before that of the clipped one', { given_bbox: [1, 2, 2, 4], segmentation: CORNERS }],
  ['too few numbers', { given_bbox: [1, 2, 3], segmentation: CORNERS }],
  ['other corners', { given_bbox: [1, 2, 9, 4], segmentation: [[1, 2, 5, 2, 5, 6, 1, 6]] }],
])('a box of a release that was changed since holds: one with %s', async (_, more) => {
  const found = await read([box(more)]);
  expect(found.images).toEqual(CAT);
  expect(found.left).toContain('1 value in the column "given_bbox"');
});

test('classes that nobody names are not guessed', async () => {
  await expect(read([box()], { categories: undefined })).rejects.toThrow('there are no `categories`');
});

test('the size that the file states comes along, where it states one', async () => {
  const folder = folderWith(IMAGES);
  const images = [image(1, { width: 640, height: '480' }), image(2, { width: 0, height: 480 })];
  writeFileSync(join(folder, 'a.json'), cocoText([], { images }));
  const stated = [];
  for await (const entry of coco.list(folder, new Reading(folder))) stated.push(entry.stated);
  expect(stated).toEqual([{ width: 640, height: 480 }, null]);
});
