import { describe, expect, test } from 'vitest';
import { box, cocoText, image, readDataset } from '../../../test/support/sources/coco.ts';

const IMAGES = { '1.jpg': '', '2.jpg': '' };
const read = (annotations: (object | string)[], more = {}) =>
  readDataset({ ...IMAGES, 'a.json': cocoText(annotations as Record<string, unknown>[], more) });
const CAT = { '1.jpg': [null, 'cat', 'cat 1 2 3 4'], '2.jpg': [null, null] };
const NOTHING = { detected: true, left: [], skipped: [], notes: [] };

describe('one faulty record does not stop the others', () => {
  /** Faulty annotations, in line 7, behind a sound one, and what is said of them. */
  const FAULTY: [name: string, annotation: object | string, says: string][] = [
    [
      'five numbers',
      box({ id: 9, bbox: [1, 2, 3, 4, 5] }),
      '`bbox` must be four numbers (left, top, width, height), not [1,2,3,4,5] (id 9).',
    ],
    [
      'a number missing',
      box({ id: 9, bbox: [1, 2, null, 4] }),
      '`bbox` must be four numbers (left, top, width, height), not [1,2,null,4] (id 9).',
    ],
    [
      'NaN in a box',
      '{"id": 9, "image_id": 1, "category_id": 7, "bbox": [NaN, 2, 3, 4]}',
      '`bbox` must be four numbers (left, top, width, height), not [null,2,3,4] (id 9).',
    ],
    [
      'words in a box',
      box({ id: 9, bbox: ['1', '2', 'x', '4'] }),
      '`bbox` must be four numbers (left, top, width, height), not ["1","2","x","4"] (id 9).',
    ],
    [
      'a box as an object',
      box({ id: 9, bbox: { x: 1 } }),
      '`bbox` must be four numbers (left, top, width, height), not {"x":1} (id 9).',
    ],
    [
      'a negative width',
      box({ id: 9, bbox: [1, 2, -3, 4] }),
      '`bbox` has a negative width or height: [1,2,-3,4] (id 9).',
    ],
    [
      'boxes as corners',
      box({ id: 9, bbox_mode: 0 }),
      '`bbox_mode` 0: only boxes of left, top, width, height are read (id 9).',
    ],
    [
      'an unknown image',
      box({ id: 9, image_id: 5 }),
      'the annotation refers to image 5, which is not listed (id 9).',
    ],
    [
      'an unknown category',
      box({ id: 9, category_id: 5 }),
      'the annotation refers to category 5, which is not listed (id 9).',
    ],
    ['no image', box({ id: 'x-9', image_id: null }), 'an annotation without `image_id` (id x-9).'],
    ['no category', box({ id: 9, category_id: null }), 'an annotation without `category_id` (id 9).'],
    ['no object', '17', 'expected an object.'],
    [
      'a mask without a box that cannot be read',
      box({ id: 9, bbox: null, segmentation: { size: [2, 2], counts: 'zz' } }),
      'a mask that cannot be read, and no `bbox` (id 9).',
    ],
  ];
  test.each(FAULTY)('%s', async (_, annotation, says) => {
    const found = await read([box(), annotation]);
    expect(found.images).toEqual(CAT);
    expect(found.skipped).toEqual([`a.json, line 7: ${says}`]);
    const strict = readDataset({ ...IMAGES, 'a.json': cocoText([box(), annotation as never]) }, '', true);
    await expect(strict).rejects.toThrow(`a.json, line 7: ${says}`);
  });

  test('an image without a name goes, and its annotations with it', async () => {
    const found = await read([box(), box({ image_id: 5 }), box({ image_id: 5 })], {
      images: [image(1), image(2), { id: 5, width: 3 }],
    });
    expect(found).toEqual({
      ...NOTHING,
      images: CAT,
      skipped: [
        'a.json, line 4: an image without `id` or `file_name`; its 2 annotations are left out with it (id 5).',
      ],
    });
  });

  test('an image with a list where one text is wanted', async () => {
    const found = await read([box()], { images: [image(1), image(2), image(3, { label: ['a', 'b'] })] });
    expect(found.images).toEqual(CAT);
    expect(found.skipped).toEqual(['a.json, line 4: `label` must be one text, not a list (id 3).']);
  });

  test('an image listed twice', async () => {
    const twice = await read([box()], { images: [image(1), image(2), image(1)] });
    expect(twice).toEqual({
      ...NOTHING,
      images: CAT,
      skipped: ['a.json, line 4: the image is listed twice (id 1).'],
    });
    const twoIds = await read([box(), box({ image_id: 5 })], {
      images: [image(1), image(2), image(5, { file_name: './1.jpg' })],
    });
    expect(twoIds).toEqual({
      ...NOTHING,
      images: CAT,
      skipped: [
        'a.json, line 4: "1.jpg" is already listed in line 2; its annotation is left out with it (id 5).',
      ],
    });
  });

  test('an id of two images: it would be a guess which of them the annotations mean', async () => {
    const found = await read([box(), box({ image_id: 2 })], {
      images: [image(1), image(2), image(2, { file_name: '3.jpg' })],
    });
    expect(found.images).toEqual({ '1.jpg': [null, 'cat', 'cat 1 2 3 4'] });
    expect(found.skipped).toEqual([
      'a.json, line 3: the image id stands for 2.jpg and for 3.jpg (id 2).',
      'a.json, line 4: the image id stands for 2.jpg and for 3.jpg; its annotation is left out with it (id 2).',
    ]);
  });

  test('more than a thousand stop the import', async () => {
    const faulty = Array.from({ length: 1001 }, (_, id) => box({ id, image_id: 'gone' }));
    await expect(read(faulty)).rejects.toThrow('More than 1000 records are faulty');
  });
});
