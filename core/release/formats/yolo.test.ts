import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { exportTo, makeItems, type ItemFacts } from '../../../test/support/releases.ts';
import type { Box } from '../../base/boxes.ts';
import type { Export, ExportItem } from './define.ts';
import folder from './folder.ts';
import yolo from './yolo.ts';

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'assay-yolo-'));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

let count = 0;

/** Writes a release of images; returns the paths of its files, what is in those of text, and what it says that it changes. */
async function write(format: Export, facts: ItemFacts[], classes: string[] = ['dog', 'cat']) {
  const target = join(scratch, `${(count += 1)}`);
  const items = await makeItems(join(scratch, 'originals'), facts.length, (i) => facts[i]!);
  const { files } = await exportTo(target, format.id, items, { classes });
  const counter = format.counter!(items.some(({ boxes }) => boxes !== null));
  for (const item of items) counter.add(item);
  const paths = files.map(({ path }) => path);
  const text = (path: string): Promise<string> => readFile(join(target, path), 'utf8');
  const labels = await Promise.all(paths.filter((path) => path.startsWith('labels/')).map(text));
  return { paths, text, labels, counted: counter.result() };
}

const px = (label: string, ...values: Box['values']): Box => ({ label, format: 'xywh-pixel', values });
const rel = (label: string, ...values: Box['values']): Box => ({ label, format: 'cxcywh-relative', values });
const VAL: ItemFacts = { split: 'val', boxes: [] };

test('data.yaml starts at its own folder, in ASCII, with numbers as keys and every name quoted', async () => {
  const names = [
    'no',
    'null',
    '1e3',
    '007',
    '2026-01-01',
    'größe',
    '猫 👩‍🔬',
    'a"b\\c',
    "it's",
    'line\u2028\x7f\n',
  ];
  const { text } = await write(yolo, [{ split: 'train', boxes: [] }, VAL], names);
  const yaml = await text('data.yaml');
  expect(yaml).toMatch(/^[\n -~]*$/);
  expect(yaml).toContain('\n  0: "no"\n  1: "null"\n  2: "1e3"\n  3: "007"\n');
  const data = parse(yaml, { mapAsMap: true }) as Map<string, unknown>;
  expect([...(data.get('names') as Map<number, string>)]).toEqual([...names.entries()]);
  expect(data.has('path')).toBe(false);
});

test('boxes are clipped, empty and repeated ones left out, and each is counted', async () => {
  const { labels, counted } = await write(yolo, [
    {
      split: 'train',
      boxes: [
        rel('cat', 0, 0.5, 0.5, 0.5),
        px('dog', 5, 5, 0, 3),
        px('dog', 5, 5, -2, 3),
        rel('cat', 0.5, 0.5, 0.1, 0.1),
        // The same in the 32 bits that readers use.
        rel('cat', 0.5, 0.5 + 1e-10, 0.1, 0.1),
        rel('dog', 0.5, 0.5, 0.1, 0.1),
      ],
    },
    VAL,
  ]);
  expect(labels.sort()).toEqual(['', '1 0.125 0.5 0.25 0.5\n1 0.5 0.5 0.1 0.1\n0 0.5 0.5 0.1 0.1\n']);
  expect(counted).toEqual([
    '1 box that goes beyond its image: clipped',
    '2 boxes without a part inside their image, or without a size: left out',
    '1 box that repeats another of its image: written once',
  ]);
});

test('an image that nobody looked at for boxes has no label file; with a label it is named', async () => {
  const { paths, text, labels, counted } = await write(yolo, [
    { split: 'train', label: 'cat', boxes: null },
    { split: 'train', label: 'cat', boxes: [px('cat', -9, 0, 4, 4)] },
    { split: 'train', label: null, boxes: [px('cat', -9, 0, 4, 4), px('dog', 0, -9, 4, 4)] },
    { split: 'train', label: null, boxes: null },
    { split: 'train', label: null, boxes: [] },
    { split: 'train', label: 'cat', boxes: [px('cat', 1, 1, 4, 4)] },
    VAL,
  ]);
  expect(labels).toHaveLength(5);
  const named = (await text('without-boxes.txt')).trim().split('\n');
  expect(named).toHaveLength(3);
  expect(paths).toEqual(expect.arrayContaining(named));
  expect(counted).toEqual([
    '3 boxes without a part inside their image, or without a size: left out',
    '3 images with a label or boxes and no box left, listed in without-boxes.txt: readers take them for backgrounds',
    '1 image without a label in which nobody looked for boxes: no label file, and readers take it for a background',
  ]);
});

test('splits that readers do not know are counted, and so is that val repeats train', async () => {
  const { text, counted } = await write(yolo, [
    { split: 'train', boxes: [] },
    { split: 'fold 1', boxes: [] },
    { split: 'fold 1', boxes: [] },
  ]);
  expect(await text('data.yaml')).not.toMatch(/^(train|val):.*\n.*fold/m);
  expect(counted).toEqual([
    '2 images of the split "fold 1": in images/fold_1, which data.yaml names for nothing; to use it, add it to train, val or test there',
    'No validation split: `val` repeats `train`, since Ultralytics wants one',
  ]);
});

test('a hold-out is for testing, in a folder of its own where others are for testing', async () => {
  const splits = ['train2017', 'val', 'test2017', 'holdout'];
  const boxed = await write(
    yolo,
    splits.map((split) => ({ split, boxes: [] })),
  );
  expect(await boxed.text('data.yaml')).toContain('test:\n  - "images/test"\n  - "images/holdout"\n');
  expect(boxed.counted).toEqual(['The splits "holdout", "test2017": data.yaml names all of them for test']);
  const labelled = await write(
    yolo,
    splits.map((split) => ({ split, label: 'cat' })),
  );
  expect(labelled.paths.map((path) => path.split('/', 1)[0])).toEqual(
    expect.arrayContaining(['train', 'val', 'test', 'holdout']),
  );
  expect(labelled.counted).toEqual([
    '1 image of the split "holdout": in holdout/, where readers look for nothing; to use it, open that folder by its name',
  ]);
  const alone = await write(yolo, [
    { split: 'train', label: 'cat' },
    { split: 'holdout', label: 'cat' },
  ]);
  expect(alone.counted).toEqual([]);
  expect(alone.paths.filter((path) => path.startsWith('test/cat/'))).toHaveLength(1);
});

test('every class has a folder in every split, so that readers number them alike', async () => {
  const { paths, counted } = await write(yolo, [
    { split: 'train', label: 'cat' },
    { split: 'train', label: 'dog' },
    { split: 'val', label: 'dog' },
    { split: 'val', label: null },
    { split: null, label: 'cat' },
  ]);
  expect(paths.filter((path) => path.endsWith('.gitkeep'))).toEqual(['val/cat/.gitkeep']);
  expect(paths.filter((path) => path.startsWith('_unlabelled/val/'))).toHaveLength(1);
  expect(counted).toEqual([
    '1 image without a label: in _unlabelled/, where readers look for no class',
    `1 class without an image in val ("cat"): an empty folder, so that every split numbers classes alike; torchvision's ImageFolder takes it with allow_empty=True`,
  ]);
});

test('without an image to train on there is a training folder nevertheless', async () => {
  const { paths } = await write(yolo, [{ split: 'fold 1', label: 'cat' }]);
  expect(paths).toContain('train/cat/.gitkeep');
});

test('class folders hold images without a label at the top', async () => {
  const { paths, counted } = await write(folder, [
    { split: 'train', label: 'cat' },
    { split: 'val', label: null },
  ]);
  expect(paths.map((path) => path.replace(/[0-9a-f]{64}.*/, '*')).sort()).toEqual([
    '*',
    'README.md',
    'cat/*',
    'class-folders.json',
  ]);
  expect(counted).toEqual(['1 image without a label: at the top, where readers look for no class']);
});

test('images that Ultralytics passes over for their size are counted', () => {
  const counter = yolo.counter!(true);
  const item = { label: null, split: 'val', boxes: [], width: 9, height: 20 };
  for (const width of [9, 10]) counter.add({ ...item, width } as unknown as ExportItem);
  expect(counter.result()).toEqual(['1 image under 10 pixels: Ultralytics passes over them']);
});
