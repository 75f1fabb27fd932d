import { expect, test } from 'vitest';
import { folderWith } from '../../../test/support/folders.ts';
import { Reading } from './reading.ts';
import yolo from './yolo.ts';

async function read(files: Record<string, string>) {
  const root = folderWith(files);
  expect(await yolo.detects(root)).toBe(true);
  const reading = new Reading(root);
  const images: Record<string, unknown> = {};
  for await (const { path, split, label, boxes } of yolo.list(root, reading))
    images[path] = [split, label, ...boxes!.map((box) => [box.label, ...box.values].join(' '))];
  const { left, skipped, notes } = reading.result();
  return {
    images,
    classes: await yolo.classes!(root),
    left: left.map(({ kind, count, example }) => `${count} ${kind} ${example}`),
    skipped: skipped.examples,
    notes,
  };
}

const NOTHING = { left: [], skipped: [], notes: [] };
const BOX = '0 .5 .5 .2 .2';

test('classes are counted and not named: they are called as Ultralytics calls them, and it is said', async () => {
  const found = await read({
    'data.yaml': 'train: images\nval: images\nnc: 2\n',
    'images/a.jpg': '',
    'labels/a.txt': '1 .5 .5 .2 .2',
  });
  expect(found.images).toEqual({ 'images/a.jpg': ['train', 'class_1', 'class_1 0.5 0.5 0.2 0.2'] });
  expect(found.classes).toEqual(['class_0', 'class_1']);
  expect(found.notes.join()).toContain('names none');
});

test('labelImg: a list of classes, and boxes beside the images', async () => {
  const found = await read({
    'classes.txt': 'cat\n big dog \n\n',
    'a.jpg': '',
    'a.txt': `1 .5 .5 .2 .2\n${BOX}`,
    'b.jpg': '',
  });
  expect(found).toEqual({
    ...NOTHING,
    classes: ['cat', ' big dog '],
    images: {
      'a.jpg': [null, null, ' big dog  0.5 0.5 0.2 0.2', 'cat 0.5 0.5 0.2 0.2'],
      'b.jpg': [null, null],
    },
  });
});

test('Label Studio and others: images, labels and classes.txt', async () => {
  const found = await read({
    'classes.txt': 'cat',
    'notes.json': '{}',
    'images/train/a.jpg': '',
    'labels/train/a.txt': BOX,
  });
  expect(found.images).toEqual({ 'images/train/a.jpg': ['train', 'cat', 'cat 0.5 0.5 0.2 0.2'] });
});

test('CVAT YOLO 1.1: obj.names, obj.data, and lists of paths below data/', async () => {
  const found = await read({
    'obj.names': 'cat\ndog\n',
    'obj.data':
      'classes = 2\ntrain = data/train.txt\nvalid = data/valid.txt\nnames = data/obj.names\nbackup = backup/\n',
    'train.txt': 'data/obj_train_data/a.jpg\n',
    'valid.txt': 'data/obj_valid_data/b.jpg\n',
    'obj_train_data/a.jpg': '',
    'obj_train_data/a.txt': BOX,
    'obj_valid_data/b.jpg': '',
    'obj_valid_data/b.txt': '',
  });
  expect(found).toEqual({
    ...NOTHING,
    classes: ['cat', 'dog'],
    images: {
      'obj_train_data/a.jpg': ['train', 'cat', 'cat 0.5 0.5 0.2 0.2'],
      'obj_valid_data/b.jpg': ['val', null],
    },
  });
});

test('Roboflow Darknet: one list of classes in every split', async () => {
  const found = await read({
    'train/_darknet.labels': 'cat\n',
    'train/a.jpg': '',
    'train/a.txt': BOX,
    'valid/_darknet.labels': 'cat\n',
    'valid/b.jpg': '',
    'valid/b.txt': BOX,
  });
  expect(found.images).toEqual({
    'train/a.jpg': ['train', 'cat', 'cat 0.5 0.5 0.2 0.2'],
    'valid/b.jpg': ['valid', 'cat', 'cat 0.5 0.5 0.2 0.2'],
  });
});

test('two lists of classes that differ are refused', async () => {
  const root = folderWith({
    'train/_darknet.labels': 'cat',
    'train/a.jpg': '',
    'train/a.txt': BOX,
    'valid/_darknet.labels': 'dog',
  });
  await expect(yolo.list(root, new Reading(root))[Symbol.asyncIterator]().next()).rejects.toThrow(
    /its classes are not those of/,
  );
});

test('a list of classes without boxes is something else', async () => {
  expect(
    await yolo.detects(folderWith({ 'classes.txt': '1 Albatross', 'a.jpg': '', 'a.txt': 'a bird' })),
  ).toBe(false);
});

test('splits may be lists of files, and paths of another machine', async () => {
  const found = await read({
    'data.yaml':
      'path: /home/somebody/set\ntrain: [images/a.jpg, images/b.jpg]\nval: /home/somebody/set/val.txt\ntest: gone\nnames: [cat]\n',
    'val.txt': '/home/somebody/set/images/c.jpg\n./images/d.jpg\nC:\\set\\images\\e.jpg\n',
    ...Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [`images/${name}.jpg`, ''])),
    'labels/e.txt': BOX,
  });
  expect(found.images).toEqual({
    'images/a.jpg': ['train', null],
    'images/b.jpg': ['train', null],
    'images/c.jpg': ['val', null],
    'images/d.jpg': ['val', null],
    'images/e.jpg': ['val', 'cat', 'cat 0.5 0.5 0.2 0.2'],
  });
  expect(found.notes.join()).toContain('there is no test split');
});

test('with kpt_shape the first four numbers are the box', async () => {
  const found = await read({
    'data.yaml': 'train: images\nval: images\nkpt_shape: [4, 2]\nnames: [cat]\n',
    'images/a.jpg': '',
    'labels/a.txt': `0 .5 .5 .2 .2 .45 .45 .55 .45 .45 .55 .55 .55\n0 .5 .5 .2 .2 .1 .1\n`,
  });
  expect(found.images).toEqual({ 'images/a.jpg': ['train', 'cat', 'cat 0.5 0.5 0.2 0.2'] });
  expect(found.left).toEqual(['1 some-boxes images/a.jpg']);
  expect(found.skipped).toEqual([
    'labels/a.txt, line 2: expected 12 numbers behind the class, as `kpt_shape` says, not 6.',
  ]);
});

test('an image listed twice and labels without an image are named', async () => {
  const found = await read({
    'data.yaml': 'train: images\nval: val.txt\nnames: [cat]\n',
    'images/a.jpg': '',
    'val.txt': 'images/a.jpg\n',
    'labels/a.txt': BOX,
    'labels/gone.txt': BOX,
    'labels/empty.txt': '',
    'labels/classes.txt': 'cat',
  });
  expect(Object.keys(found.images)).toEqual(['images/a.jpg']);
  expect(found.skipped).toEqual([
    'val.txt, line 1: "images/a.jpg" is already listed. It keeps its first split.',
    'labels/gone.txt: it labels an image that is not there.',
  ]);
});
