import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../../test/support/folders.ts';
import { ImageNames } from './image-names.ts';

function folderOf(...paths: string[]): ImageNames {
  const root = temporaryFolder();
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  }
  return new ImageNames(root);
}

test.each([
  ['a.jpg', 'val2017/a.jpg'],
  ['val2017\\a.jpg', 'val2017/a.jpg'],
  ['/home/somebody/coco/val2017/a.jpg', 'val2017/a.jpg'],
  ['C:\\data\\val2017\\a.jpg', 'val2017/a.jpg'],
  ['../../elsewhere/val2017/A.JPG', 'val2017/a.jpg'],
  ['deep/b.png', 'x/deep/b.png'],
  ['./x/other/b.png', 'x/other/b.png'],
])('%s is %s', async (written, found) => {
  const names = folderOf('val2017/a.jpg', 'x/deep/b.png', 'x/other/b.png');
  expect(await names.find(written)).toBe(found);
});

test('a name that fits two images is none', async () => {
  const names = folderOf('x/b.png', 'y/b.png');
  expect(await names.find('b.png')).toBeNull();
  expect(await names.find('z/b.png')).toBeNull();
  expect(await names.find('b.png', ['y'])).toBe('y/b.png');
});

test('the nearest images have the name, or its beginning', async () => {
  const names = folderOf('x/a.png', 'y/cat-1.jpg', 'z/dog.jpg');
  expect(await names.nearest('here/cat-1.png', 2)).toEqual(['y/cat-1.jpg', 'x/a.png']);
  expect(await names.nearest('DOG.jpg', 1)).toEqual(['z/dog.jpg']);
});
