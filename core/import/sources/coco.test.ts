import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderWith } from '../../../test/support/folders.ts';
import { box, cocoText, image, readDataset } from '../../../test/support/sources/coco.ts';
import { leftWords } from '../../../rpc/contract/imports.ts';
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
      left: [],
      notes: ['a.json: 1 annotation has a shape and no `bbox`; the box around the shape was taken.'],
    });
    const runs = { size: [8, 5], counts: [10, 4, 4, 4, 4, 4, 10] };
    const mask = await read([box({ bbox: [], segmentation: runs })]);
    expect(mask).toMatchObject({ images: CAT, left: [] });
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

/** What is read of the objects besides their boxes, beside what is counted as left behind. */
async function details(more: object): Promise<[detail: unknown, left: string[]]> {
  const folder = folderWith({ ...IMAGES, 'a.json': cocoText([box(more as Record<string, unknown>)]) });
  const reading = new Reading(folder);
  const found = [];
  for await (const { boxes } of coco.list(folder, reading)) found.push(...(boxes ?? []));
  expect(found.map(({ label, values }) => [label, ...values])).toEqual([['cat', 1, 2, 3, 4]]);
  return [found[0]!.detail, reading.result().left.map(leftWords)];
}

const SHAPE = [[1, 2, 4, 2, 4, 6]];
const RLE = { size: [9, 9], counts: '34Z2' };
test.each<[name: string, more: object, detail: unknown]>([
  ['a polygon', { segmentation: SHAPE }, { polygons: SHAPE }],
  ['one without a list of rings', { segmentation: SHAPE[0] }, { polygons: SHAPE }],
  [
    'points in pairs',
    {
      segmentation: [
        [
          [1, 2],
          [4, 2],
          [4, 6],
        ],
      ],
    },
    { polygons: SHAPE },
  ],
  ['the area that follows from it', { segmentation: SHAPE, area: 6 }, { polygons: SHAPE }],
  ['another area', { segmentation: SHAPE, area: 5.5 }, { polygons: SHAPE, columns: { area: 5.5 } }],
  ['a compressed mask', { segmentation: RLE }, { mask: RLE }],
  [
    'a list of runs',
    { segmentation: { size: [2, 2], counts: [1, 3] }, area: 3 },
    { mask: { size: [2, 2], counts: [1, 3] } },
  ],
  [
    'keypoints',
    { keypoints: [1, 1.5, 2, 0, 0, 0], num_keypoints: 1 },
    {
      keypoints: [
        [1, 1.5, 2],
        [0, 0, 0],
      ],
    },
  ],
  ['a track', { track_id: 0, instance_id: 5 }, { columns: { track_id: 0, instance_id: 5 } }],
  [
    'a score, a caption and a column',
    { score: 0.5, caption: 'x', Notes: ['y', null] },
    { columns: { score: 0.5, caption: 'x', Notes: ['y', null] } },
  ],
  [
    'attributes as CVAT writes them',
    { attributes: { occluded: false, rotation: 12.5 } },
    { attributes: { occluded: false, rotation: 12.5 } },
  ],
  ['nothing', { segmentation: [], area: 12, iscrowd: 0, attributes: {}, keypoints: [], x: null }, undefined],
  ['the corners of the box', { segmentation: [[1, 2, 4, 2, 4, 6, 1, 6]] }, undefined],
])('is kept as it is written: %s', async (_, more, detail) => {
  expect(await details(more)).toEqual([detail, []]);
});

describe('nothing is left behind without being counted', () => {
  test.each<[name: string, more: object, left: string]>([
    ['a polygon of two points', { segmentation: [[1, 2, 4, 2]] }, '1 polygon (its enclosing box is kept)'],
    ['a mask whose runs go on', { segmentation: { size: [2, 2], counts: [1, 9] } }, '1 mask'],
    ['a mask of an absurd size', { segmentation: { size: [1e9, 1e9], counts: [1, 9] } }, '1 mask'],
    ['a mask whose text ends', { segmentation: { size: [2, 2], counts: 'o' } }, '1 mask'],
    ['keypoints without visibility', { keypoints: [1, 2] }, '1 set of keypoints'],
  ])('%s', async (_, more, left) => {
    expect(await details(more)).toEqual([undefined, [left]]);
  });

  test('crowds are regions, not objects', async () => {
    const region = { iscrowd: 1, category_id: 3, segmentation: { size: [2, 2], counts: [0, 4] } };
    const found = await read([box(), box(region)]);
    // The class of the image is that of its objects.
    const images = { ...CAT, '1.jpg': [null, 'cat', 'cat 1 2 3 4', 'dog 1 2 3 4'] };
    expect(found).toEqual({ ...NOTHING, images });
    expect(await details({ iscrowd: 1, segmentation: region.segmentation })).toEqual([
      { mask: region.segmentation, crowd: true },
      [],
    ]);
    const nowhere = await read([box({ iscrowd: 1, bbox: null })]);
    expect(nowhere.left).toEqual([
      '1 region of a crowd',
      '1 image has only annotations that give no box; it counts as not annotated',
    ]);
    const only = await read([box({ iscrowd: 1 })]);
    expect(only.images['1.jpg']).toEqual([null, null, 'cat 1 2 3 4']);
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
      '1 value in the column "skeleton"',
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
