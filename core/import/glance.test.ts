import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWith } from '../../test/support/folders.ts';
import { foreignLayout } from './foreign.ts';
import { glanceAt } from './glance.ts';

test('looks at a limited number of files and folders, and says that there are more', async () => {
  const root = folderWith({ 'deep/1/2/3/4/5/a.json': '{}' });
  mkdirSync(join(root, 'many'));
  for (let i = 0; i < 5001; i++) writeFileSync(join(root, 'many', `${i}.mat`), '');
  for (let i = 0; i < 100; i++) mkdirSync(join(root, 'folders', `${i}`), { recursive: true });
  const seen = await glanceAt(root);
  expect(seen.more).toBe(true);
  expect(seen.files).toHaveLength(5000);
  expect(await foreignLayout(await glanceAt(root))).toMatch(/MATLAB.* and at least 4997 more\./);
});

test('files that are no annotations keep no folder from being read', async () => {
  const root = folderWith({
    'cat/a.png': '',
    'cat/a.txt': 'a cat, 2 ears, 4 legs',
    'cat/a.json': '{"prompt": "a cat", "seed": 7, "class": "a.png"}',
    'package.json': '{"name": "x"}',
    'requirements.txt': 'numpy==2.1\n',
    'training.log': '1 2 3 4',
    'metrics.csv': 'epoch,loss\n1,0.5\n2,0.4\n',
    'assay-manifest.json': '{"labels": ["a.png"]}',
    'classes-in-use.txt': 'cat\ndog\n',
  });
  expect(await foreignLayout(await glanceAt(root))).toBeNull();
});

test.each([
  ['a.xml', '<annotation><object><name>cat</name></object></annotation>'],
  ['a.json', '{"boxes": [[1, 2, 3, 4]]}'],
  ['a.json', '{"file": "a.png", "label": "cat"}'],
  ['a.txt', '0 0.5 0.5 0.2 0.2'],
  ['a.txt', 'cat 12 14 50 60'],
  ['list.txt', 'a.png 3\nb.png 4\n'],
  ['list.csv', 'a.png;1;2;3;4\n'],
  ['list.csv', 'id,species\na.png,fox\n'],
])('%s with %j looks like annotations', async (name, text) => {
  const root = folderWith({ 'cat/a.png': '', [name]: text });
  expect(await foreignLayout(await glanceAt(root))).toContain(name);
});
