import { defineFixtures, image } from './define.ts';
import { greyMap, maskOver } from './numbers.ts';

const SIZE = { width: 24, height: 16 };
const facts = (more: object = {}): string =>
  JSON.stringify({
    format: 'assay-class-maps',
    version: 1,
    background: 0,
    ignore: 255,
    classes: [
      { value: 1, name: 'cat' },
      { value: 2, name: 'sky' },
    ],
    splits: [{ folder: 'train', split: 'train set' }],
    withoutSplit: ['c'],
    ...more,
  });
const region = (label: string, ...at: [number, number, number, number]) => ({
  label,
  format: 'xywh-pixel' as const,
  values: at,
  detail: { crowd: true as const, mask: maskOver(at) },
});

export default defineFixtures({
  id: 'class-maps',
  allOrNone: true,
  good: {
    'objects before regions, numbers of no class, and pictures nobody looked at': {
      files: {
        'class-maps.json': facts(),
        'images/train/a.png': image(0),
        'masks/train/a.png': greyMap(
          0,
          [2, 0, 0, 24, 2],
          [1, 2, 3, 4, 5],
          [1, 10, 3, 2, 2],
          [1, 20, 3, 2, 2],
          [255, 0, 15, 1, 1],
        ),
        'instances/train/a.png': greyMap(0, [2, 2, 3, 4, 5], [1, 10, 3, 2, 2]),
        'images/train/b.jpg': image(1),
        'masks/train/b.png': greyMap(255, [7, 0, 0, 3, 1]),
        'images/train/c.png': image(2),
        'images/train/d.png': image(3),
        'masks/train/d.png': greyMap(0),
        'images/other/e.png': image(4),
        'instances/other/e.png': greyMap(1),
      },
      classes: ['cat', 'sky'],
      entries: [
        { path: 'images/other/e.png' },
        {
          path: 'images/train/a.png',
          label: 'cat',
          split: 'train set',
          stated: SIZE,
          boxes: [
            {
              label: 'cat',
              format: 'xywh-pixel',
              values: [10, 3, 2, 2],
              detail: { mask: maskOver([10, 3, 2, 2]) },
            },
            {
              label: 'cat',
              format: 'xywh-pixel',
              values: [2, 3, 4, 5],
              detail: { mask: maskOver([2, 3, 4, 5]) },
            },
            region('cat', 20, 3, 2, 2),
            region('sky', 0, 0, 24, 2),
          ],
        },
        { path: 'images/train/b.jpg', split: 'train set', stated: SIZE },
        { path: 'images/train/c.png' },
        { path: 'images/train/d.png', split: 'train set', stated: SIZE, boxes: [] },
      ],
      left: [
        { kind: 'undeclared', name: '7', count: 3, example: 'masks/train/b.png' },
        { kind: 'ignored', count: 2 },
        { kind: 'no-boxes', count: 1, example: 'images/train/b.jpg' },
        { kind: 'mask-file', count: 1, example: 'instances/other/e.png' },
      ],
    },
    'maps that do not fit': {
      files: {
        'class-maps.json': facts(),
        'images/train/a.png': image(0),
        'masks/train/a.png': greyMap(0, [1, 2, 3, 4, 5]),
        'instances/train/a.png': greyMap(0, [1, 2, 3, 5, 5]),
        'images/train/b.png': image(1),
        'masks/train/b.png': image(2),
      },
      classes: ['cat', 'sky'],
      entries: [
        { path: 'images/train/a.png', split: 'train set' },
        { path: 'images/train/b.png', split: 'train set' },
      ],
      left: [{ kind: 'all-boxes', count: 2 }],
      skips: [
        /instances\/train\/a\.png: object 1 does not lie on pixels of one class/,
        /masks\/train\/b\.png: it is a picture in colours/,
      ],
    },
  },
  bad: {
    'another form': {
      files: { 'class-maps.json': facts({ classes: 3 }), 'images/train/a.png': image(0) },
      says: /class-maps\.json: classes: /,
    },
  },
});
