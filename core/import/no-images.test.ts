import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWith, temporaryFolder } from '../../test/support/folders.ts';
import { detectOrNamed } from './detect.ts';

const whyOf = async (root: string): Promise<string> =>
  (await detectOrNamed(root, 'auto')).why.replace(root, 'X');

test('an empty folder, also one of empty folders, is said to hold no images', async () => {
  const root = temporaryFolder();
  mkdirSync(join(root, 'a/b'), { recursive: true });
  expect(await whyOf(root)).toBe(
    'X holds no images: there is no file in it. Choose the folder of the images.',
  );
});

test('a folder without images says what it holds', async () => {
  expect(await whyOf(folderWith({ 'a.log': 'x', 'b.log': 'x', 'in/LICENSE': 'x' }))).toBe(
    'X holds no images, only 2 files .log, 1 file without extension. Choose the folder that holds the images, or copy them into this one.',
  );
  const many = Object.fromEntries(['q', 'r', 's', 't', 'u', 'v', 'w'].map((e) => [`a.${e}`, '']));
  expect(await whyOf(folderWith(many))).toMatch(/ 1 file \.u and 2 files of other kinds\. /);
});

test('images that lie too deep are named', async () => {
  expect(await whyOf(folderWith({ '1/2/3/4/a.png': '' }))).toBe(
    'X holds images only far down, for instance 1/2/3/4/a.png. Import the folder that they are in.',
  );
});

test('a file of no format is told which files are read', async () => {
  const file = join(folderWith({ 'a.log': 'x' }), 'a.log');
  const why = await whyOf(file);
  expect(why).toMatch(/^X is no file that can be imported\./);
  expect(why).not.toContain('\n');
});
