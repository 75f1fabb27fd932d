import { defineFixtures, image } from './define.ts';
import { greyMap, maskOver } from './numbers.ts';

const SIZE = { width: 24, height: 16 };
const json = (...objects: object[]): string => JSON.stringify({ imgHeight: 16, imgWidth: 24, objects });
const square = [
  [1, 2],
  [5, 2],
  [5, 6],
  [1, 6],
];
const RING = square.flat();
const outlined = (label: string, crowd = false) => ({
  label,
  format: 'xywh-pixel' as const,
  values: [1, 2, 4, 4] as [number, number, number, number],
  detail: { polygons: [RING], ...(crowd && { crowd: true as const }) },
});
const CLASSES = [
  'static',
  'dynamic',
  'ground',
  'road',
  'sidewalk',
  'parking',
  'rail track',
  'building',
  'wall',
  'fence',
  'guard rail',
  'bridge',
  'tunnel',
  'pole',
  'polegroup',
  'traffic light',
  'traffic sign',
  'vegetation',
  'terrain',
  'sky',
  'person',
  'rider',
  'car',
  'truck',
  'bus',
  'caravan',
  'trailer',
  'train',
  'motorcycle',
  'bicycle',
];

export default defineFixtures({
  id: 'cityscapes',
  good: {
    'polygons, instance ids and label ids': {
      files: {
        'leftImg8bit/train/ulm/ulm_000000_000019_leftImg8bit.png': image(0),
        'leftImg8bit/train/ulm/ulm_000001_000019_leftImg8bit.png': image(1),
        'leftImg8bit/val/bonn/bonn_000000_000019_leftImg8bit.png': image(2),
        'leftImg8bit/test/kiel/kiel_000000_000019_leftImg8bit.png': image(3),
        'gtFine/train/ulm/ulm_000000_000019_gtFine_polygons.json': json(
          { label: 'road', polygon: square },
          { label: 'car', polygon: square },
          { label: 'persongroup', polygon: square },
          { label: 'ego vehicle', polygon: square },
          { label: 'car', polygon: square, deleted: 1 },
        ),
        'gtFine/train/ulm/ulm_000000_000019_gtFine_instanceIds.png': greyMap(7),
        'gtFine/train/ulm/ulm_000000_000019_gtFine_color.png': image(4),
        'gtCoarse/train/ulm/ulm_000000_000019_gtCoarse_polygons.json': json(),
        'gtFine/train/ulm/ulm_000001_000019_gtFine_instanceIds.png': greyMap(
          3,
          [7, 0, 8, 24, 8],
          [26_001, 2, 3, 4, 5],
          [26, 10, 3, 2, 2],
        ),
        'gtFine/val/bonn/bonn_000000_000019_gtFine_labelIds.png': greyMap(
          0,
          [26, 2, 3, 4, 5],
          [99, 0, 0, 1, 1],
        ),
      },
      classes: CLASSES,
      entries: [
        { path: 'leftImg8bit/test/kiel/kiel_000000_000019_leftImg8bit.png', split: 'test' },
        {
          path: 'leftImg8bit/train/ulm/ulm_000000_000019_leftImg8bit.png',
          label: 'car',
          split: 'train',
          stated: SIZE,
          boxes: [outlined('road', true), outlined('car'), outlined('person', true)],
        },
        {
          path: 'leftImg8bit/train/ulm/ulm_000001_000019_leftImg8bit.png',
          label: 'car',
          split: 'train',
          stated: SIZE,
          boxes: [
            {
              label: 'road',
              format: 'xywh-pixel',
              values: [0, 8, 24, 8],
              detail: { crowd: true, mask: maskOver([0, 8, 24, 8]) },
            },
            {
              label: 'car',
              format: 'xywh-pixel',
              values: [10, 3, 2, 2],
              detail: { crowd: true, mask: maskOver([10, 3, 2, 2]) },
            },
            {
              label: 'car',
              format: 'xywh-pixel',
              values: [2, 3, 4, 5],
              detail: { attributes: { instance: 1 }, mask: maskOver([2, 3, 4, 5]) },
            },
          ],
        },
        {
          path: 'leftImg8bit/val/bonn/bonn_000000_000019_leftImg8bit.png',
          split: 'val',
          stated: SIZE,
          boxes: [
            {
              label: 'car',
              format: 'xywh-pixel',
              values: [2, 3, 4, 5],
              detail: { crowd: true, mask: maskOver([2, 3, 4, 5]) },
            },
          ],
        },
      ],
      left: [
        { kind: 'mask-file', count: 1, example: 'gtFine/train/ulm/ulm_000000_000019_gtFine_color.png' },
        { kind: 'ignored', name: 'ego vehicle', count: 1 },
        { kind: 'ignored', name: 'deleted', count: 1 },
        { kind: 'undeclared', name: '99', count: 1 },
      ],
    },
    'faulty files and objects': {
      files: {
        'a_leftImg8bit.png': image(0),
        'a_gtFine_polygons.json': json(
          { label: 'car', polygon: square },
          { label: '', polygon: square },
          { label: 'car', polygon: [[1]] },
        ),
        'b_leftImg8bit.png': image(1),
        'b_gtFine_polygons.json': '{}',
        'c_gtFine_polygons.json': json(),
      },
      classes: CLASSES,
      entries: [
        { path: 'a_leftImg8bit.png', label: 'car', stated: SIZE, boxes: [outlined('car')] },
        { path: 'b_leftImg8bit.png' },
      ],
      left: [
        { kind: 'some-boxes', count: 1, example: 'a_leftImg8bit.png' },
        { kind: 'all-boxes', count: 1, example: 'b_leftImg8bit.png' },
      ],
      skips: [
        /c_gtFine_polygons\.json: there is no picture c_leftImg8bit\.png/,
        /a_gtFine_polygons\.json: object 1 has no `label`/,
        /the `polygon` of object 2 is not made of pairs/,
        /b_gtFine_polygons\.json: there is no list `objects`/,
      ],
    },
  },
});
