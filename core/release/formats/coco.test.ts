import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportTo, makeItems, type ItemFacts } from '../../../test/support/releases.ts';
import type { Box } from '../../base/boxes.ts';
import coco from '../../import/sources/coco.ts';
import { Reading } from '../../import/sources/reading.ts';

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'assay-coco-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

interface Written {
  images: { id: number; file_name: string; split: string | null }[];
  annotations: object[];
  categories: { id: number; name: string }[];
}

/** Writes a release of images; returns its folder and the names of its files of annotations. */
async function write(name: string, facts: ItemFacts[]): Promise<{ folder: string; files: string[] }> {
  const folder = join(scratch, name);
  const items = await makeItems(join(scratch, 'originals'), facts.length, (i) => facts[i]!);
  const { files } = await exportTo(folder, 'coco', items, { classes: ['dog', 'cat'] });
  return { folder, files: files.map(({ path }) => path).filter((path) => path.startsWith('annotations/')) };
}

async function readBack(folder: string): Promise<(Box[] | null)[]> {
  const found = [];
  for await (const { boxes } of coco.list(folder, new Reading(folder))) found.push(boxes);
  return found;
}

const written = async (folder: string, split: string): Promise<Written> =>
  JSON.parse(await readFile(join(folder, `annotations/instances_${split}.json`), 'utf8')) as Written;

const cat = (...values: Box['values']): Box => ({ label: 'cat', format: 'xywh-pixel', values });

test('images without a split are in the file of the training split, as which they do not come back', async () => {
  const { folder, files } = await write('training', [
    { split: 'Training' },
    { split: null },
    { split: 'val' },
  ]);
  expect(files).toEqual(['annotations/instances_Training.json', 'annotations/instances_val.json']);
  const { images } = await written(folder, 'Training');
  expect(images.map(({ id }) => id)).toEqual([1, 2]);
  expect(new Set(images.map(({ split }) => split))).toEqual(new Set(['Training', null]));
});

test('a release without splits is one for training', async () => {
  expect((await write('unsplit', [{}, {}])).files).toEqual(['annotations/instances_train.json']);
});

test('categories count from 1 in the order of the project', async () => {
  const { folder } = await write('classes', [{ label: 'fox' }]);
  expect((await written(folder, 'train')).categories).toEqual([
    { id: 1, name: 'dog', supercategory: '' },
    { id: 2, name: 'cat', supercategory: '' },
    { id: 3, name: 'fox', supercategory: '' },
  ]);
});

test('the label of a whole image is an annotation like others, with a mark', async () => {
  const { folder } = await write('whole', [{ label: 'cat' }]);
  const { annotations, images } = await written(folder, 'train');
  const { width, height } = images[0] as unknown as { width: number; height: number };
  expect(annotations).toEqual([
    {
      id: 1,
      image_id: 1,
      category_id: 2,
      bbox: [0, 0, width, height],
      area: width * height,
      iscrowd: 0,
      segmentation: [[0, 0, width, 0, width, height, 0, height]],
      whole_image: true,
    },
  ]);
});

test('boxes are clipped to the image, and come back as they were; those with nothing inside are left out', async () => {
  const boxes = [cat(-2.5, 3, 5, 0.1), cat(5, 5, 0, 3), cat(-9, 0, 4, 4), cat(1, 2, 3, 4)];
  const { folder } = await write('border', [{ boxes }]);
  expect((await written(folder, 'train')).annotations).toMatchObject([
    { bbox: [0, 3, 2.5, 0.1], area: 0.25, given_bbox: [-2.5, 3, 5, 0.1] },
    { bbox: [1, 2, 3, 4], area: 12 },
  ]);
  expect(await readBack(folder)).toEqual([[boxes[0], boxes[3]]]);
});
