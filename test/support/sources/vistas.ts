import { defineFixtures, image } from './define.ts';
import { greyMap, maskOver } from './numbers.ts';

const SIZE = { width: 24, height: 16 };
const config = JSON.stringify({
  labels: [
    { name: 'construction--flat--road', instances: false, color: [1, 2, 3] },
    { name: 'object--vehicle--car', instances: true, color: [1, 2, 4] },
    { name: 'void--unlabeled', instances: false, color: [0, 0, 0] },
  ],
});
const CLASSES = ['construction--flat--road', 'object--vehicle--car'];
const map = greyMap(2 * 256, [0, 0, 8, 24, 8], [256, 2, 3, 4, 5], [257, 10, 3, 2, 2], [9 * 256, 0, 0, 1, 1]);
const boxes = [
  {
    label: 'construction--flat--road',
    format: 'xywh-pixel',
    values: [0, 8, 24, 8],
    detail: { crowd: true, mask: maskOver([0, 8, 24, 8]) },
  },
  {
    label: 'object--vehicle--car',
    format: 'xywh-pixel',
    values: [2, 3, 4, 5],
    detail: { attributes: { instance: 0 }, mask: maskOver([2, 3, 4, 5]) },
  },
  {
    label: 'object--vehicle--car',
    format: 'xywh-pixel',
    values: [10, 3, 2, 2],
    detail: { attributes: { instance: 1 }, mask: maskOver([10, 3, 2, 2]) },
  },
] satisfies Parameters<typeof defineFixtures>[0]['good'][string]['entries'][number]['boxes'];

export default defineFixtures({
  id: 'vistas',
  allOrNone: true,
  good: {
    'version 2.0 beside 1.2': {
      files: {
        'config_v1.2.json': '{}',
        'config_v2.0.json': config,
        'training/images/a.jpg': image(0),
        'training/v1.2/instances/a.png': greyMap(0),
        'training/v2.0/instances/a.png': map,
        'training/v2.0/labels/a.png': greyMap(2),
        'testing/images/b.jpg': image(1),
      },
      classes: CLASSES,
      entries: [
        { path: 'testing/images/b.jpg', split: 'testing' },
        {
          path: 'training/images/a.jpg',
          label: 'object--vehicle--car',
          split: 'training',
          stated: SIZE,
          boxes,
        },
      ],
      left: [
        { kind: 'mask-file', count: 2, example: 'training/v1.2/instances/a.png' },
        { kind: 'undeclared', name: '2304', count: 1, example: 'training/v2.0/instances/a.png' },
      ],
    },
    'version 1, with maps that are none': {
      files: {
        'config.json': config,
        'validation/images/a.png': image(0),
        'validation/instances/a.png': map,
        'validation/images/b.png': image(1),
        'validation/instances/b.png': image(2),
        'validation/images/c.png': image(3),
        'validation/instances/c.png': greyMap(9 * 256),
      },
      classes: CLASSES,
      entries: [
        {
          path: 'validation/images/a.png',
          label: 'object--vehicle--car',
          split: 'validation',
          stated: SIZE,
          boxes,
        },
        { path: 'validation/images/b.png', split: 'validation' },
        { path: 'validation/images/c.png', split: 'validation', stated: SIZE },
      ],
      left: [
        { kind: 'undeclared', name: '2304', count: 385 },
        { kind: 'all-boxes', count: 1, example: 'validation/images/b.png' },
        { kind: 'no-boxes', count: 1, example: 'validation/images/c.png' },
      ],
      skips: [/validation\/instances\/b\.png: it is a picture in colours/],
    },
  },
  bad: {
    'no labels': {
      files: {
        'config.json': '{"labels": []}',
        'validation/images/a.png': image(0),
        'validation/instances/a.png': map,
      },
      says: /config\.json: there is no list `labels`/,
    },
  },
});
