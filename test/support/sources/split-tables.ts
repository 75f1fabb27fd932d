import { defineFixtures, image, lines } from './define.ts';

const HEADER = 'filename,width,height,class,xmin,ymin,xmax,ymax';

export default defineFixtures({
  id: 'split-tables',
  good: {
    'boxes in the folders of splits, with a name in both': {
      files: {
        'README.dataset.txt': 'A set\n',
        'train/_annotations.csv': lines(
          HEADER,
          'a.png,24,16,cat,2,3,10,9',
          'a.png,24,16,dog,1,1,5,5',
          'gone.png,24,16,dog,1,1,5,5',
        ),
        'train/a.png': image(0),
        'train/c.png': image(2),
        'valid/_annotations.csv': lines(HEADER, 'a.png,24,16,cat,0,0,4,4'),
        'valid/a.png': image(1),
      },
      entries: [
        {
          path: 'train/a.png',
          split: 'train',
          stated: { width: 24, height: 16 },
          boxes: [
            { label: 'cat', format: 'xywh-pixel', values: [2, 3, 8, 6] },
            { label: 'dog', format: 'xywh-pixel', values: [1, 1, 4, 4] },
          ],
        },
        {
          path: 'train/gone.png',
          label: 'dog',
          split: 'train',
          stated: { width: 24, height: 16 },
          boxes: [{ label: 'dog', format: 'xywh-pixel', values: [1, 1, 4, 4] }],
        },
        {
          path: 'valid/a.png',
          label: 'cat',
          split: 'valid',
          stated: { width: 24, height: 16 },
          boxes: [{ label: 'cat', format: 'xywh-pixel', values: [0, 0, 4, 4] }],
        },
      ],
      left: [{ kind: 'unlisted', count: 1, example: 'train/c.png' }],
    },
    'a column of 0 and 1 for each class': {
      files: {
        'train/_classes.csv': lines(
          'filename, cat, tabby cat, label',
          'a.png, 1, 0, 0',
          'b.png, 0, 0, 1',
          'c.png, 1, 1, 0',
          'd.png, 0, 0, 0',
          'e.png, 1, 2, 0',
        ),
        'test/_classes.csv': lines('filename, cat, dog', 'a.png, 0, 1'),
      },
      entries: [
        { path: 'test/a.png', label: 'dog', split: 'test' },
        { path: 'train/a.png', label: 'cat', split: 'train' },
        { path: 'train/b.png', label: 'label', split: 'train' },
        { path: 'train/c.png', split: 'train' },
        { path: 'train/d.png', split: 'train' },
      ],
      classes: ['cat', 'dog', 'tabby cat', 'label'],
      left: [{ kind: 'label', count: 2, example: 'train/_classes.csv' }],
      skips: [/train\/_classes\.csv, line 6: `tabby cat` must be 0 or 1/],
      notes: [
        /train\/_classes\.csv: 1 row has no class, and no label\./,
        /train\/_classes\.csv: 1 row has several classes, and so no label\./,
      ],
    },
    'faulty boxes': {
      files: {
        'train/_annotations.csv': lines(
          'filename,class,xmin,ymin,xmax,ymax',
          'a.png,cat,1,2,3,4',
          'a.png,cat,9,2,3,4',
          'b.png,cat,1,2,x,4',
        ),
      },
      entries: [
        {
          path: 'train/a.png',
          label: 'cat',
          split: 'train',
          boxes: [{ label: 'cat', format: 'xywh-pixel', values: [1, 2, 2, 2] }],
        },
        { path: 'train/b.png', split: 'train' },
      ],
      left: [
        { kind: 'some-boxes', count: 1 },
        { kind: 'all-boxes', count: 1 },
      ],
      skips: [/line 4: `xmin`, `ymin`, `xmax`, `ymax` must be/, /line 3: the second corner/],
    },
    'the table of one folder': {
      files: { '_classes.csv': lines('image,MEL,NV', 'a,1.0,0.0', 'b,0.0,1.0'), 'a.png': image(0) },
      entries: [
        { path: 'a.png', label: 'MEL' },
        { path: 'b', label: 'NV' },
      ],
      classes: ['MEL', 'NV'],
      notes: [/"a"; the image is "a\.png"/],
    },
  },
  bad: {
    'boxes without a header': {
      files: { 'train/_annotations.csv': 'a.png,1,2,3,4,cat\n', 'train/a.png': image(0) },
      says: /_annotations\.csv, line 1: the table has no header/,
    },
  },
});
