import { expect, test } from 'vitest';
import { folderWith } from '../../../test/support/folders.ts';
import { walkDataset } from './dataset-walk.ts';
import { Reading } from './reading.ts';

test('masks and depth maps beside the images of the same name are left out with a count', async () => {
  const root = folderWith({
    'cat/a.jpg': '',
    'cat/a_mask.png': '',
    'cat/a-seg.png': '',
    'cat/b.png': '',
    'cat/b_depth.png': '',
    'cat/c_mask.png': '',
    'dog/a_mask.png': '',
    'dog/mask.png': '',
  });
  const reading = new Reading(root);
  const found = [];
  for await (const path of walkDataset(root, reading)) found.push(path);
  expect(found).toEqual(['cat/a.jpg', 'cat/b.png', 'cat/c_mask.png', 'dog/a_mask.png', 'dog/mask.png']);
  expect(reading.result().left).toEqual([
    { kind: 'mask-beside', name: '', count: 3, example: 'cat/a-seg.png' },
  ]);
});
