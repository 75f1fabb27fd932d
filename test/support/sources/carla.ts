import { colourOf } from '../../../imaging/label-map.ts';
import { defineFixtures, image } from './define.ts';
import { colourMap, maskOver } from './numbers.ts';

const SIZE = { width: 24, height: 16 };
const raw = (tag: number, green = 0, blue = 0): number => colourOf(tag, green, blue);
const region = (label: string, x: number, y: number, width: number, height: number) => ({
  label,
  format: 'xywh-pixel' as const,
  values: [x, y, width, height] as [number, number, number, number],
  detail: { crowd: true as const, mask: maskOver([x, y, width, height]) },
});
const object = (label: string, instance: number, x: number, y: number, width: number, height: number) => ({
  label,
  format: 'xywh-pixel' as const,
  values: [x, y, width, height] as [number, number, number, number],
  detail: { attributes: { instance }, mask: maskOver([x, y, width, height]) },
});
const NEW = /^The tags of the maps are named as in CARLA 0\.9\.14 and newer\. .* classes\.txt/;
const CLASSES = [
  'Roads',
  'Sidewalks',
  'Buildings',
  'Walls',
  'Fences',
  'Poles',
  'TrafficLight',
  'TrafficSigns',
  'Vegetation',
  'Terrain',
  'Sky',
  'Pedestrians',
  'Rider',
  'Car',
  'Truck',
  'Bus',
  'Train',
  'Motorcycle',
  'Bicycle',
  'Static',
  'Dynamic',
  'Other',
  'Water',
  'RoadLines',
  'Ground',
  'Bridge',
  'RailTrack',
  'GuardRail',
];

export default defineFixtures({
  id: 'carla',
  good: {
    'class and instance maps, raw and in colours, and a picture without a map': {
      files: {
        'Town01/rgb/1.png': image(0),
        'Town01/semantic_segmentation/1.png': colourMap(
          raw(0),
          [raw(1), 0, 8, 24, 8],
          [raw(14), 2, 3, 4, 5],
          [raw(14), 10, 3, 2, 2],
          [raw(99), 0, 0, 2, 1],
        ),
        'Town01/instance_segmentation/1.png': colourMap(
          raw(0),
          [raw(1, 3, 0), 0, 8, 24, 8],
          [raw(14, 2, 1), 2, 3, 4, 5],
          [raw(14, 3, 1), 10, 3, 2, 2],
        ),
        'Town01/depth/1.png': image(1),
        'Town01/rgb/2.png': image(2),
        'Town01/semantic_segmentation/3.png': colourMap(raw(0)),
        'Town02/rgb_left/1.jpg': image(3),
        'Town02/semantic_left/1.png': colourMap(colourOf(70, 130, 180), [colourOf(0, 0, 142), 2, 3, 4, 5]),
      },
      classes: CLASSES,
      notes: [NEW],
      entries: [
        {
          path: 'Town01/rgb/1.png',
          label: 'Car',
          stated: SIZE,
          boxes: [
            object('Car', 258, 2, 3, 4, 5),
            object('Car', 259, 10, 3, 2, 2),
            region('Roads', 0, 8, 24, 8),
          ],
        },
        { path: 'Town01/rgb/2.png' },
        {
          path: 'Town02/rgb_left/1.jpg',
          stated: SIZE,
          boxes: [
            region('Car', 2, 3, 4, 5),
            {
              ...region('Sky', 0, 0, 24, 16),
              detail: {
                crowd: true,
                mask: maskOver([0, 0, 24, 3], [0, 3, 2, 5], [6, 3, 18, 5], [0, 8, 24, 8]),
              },
            },
          ],
        },
      ],
      left: [
        {
          kind: 'undeclared',
          name: '(99, 0, 0, 255)',
          count: 2,
          example: 'Town01/semantic_segmentation/1.png',
        },
        { kind: 'mask-beside', count: 1, example: 'Town01/depth/1.png' },
        { kind: 'mask-file', count: 1, example: 'Town01/semantic_segmentation/3.png' },
      ],
    },
    'instance maps alone, with tags of an older version': {
      files: {
        'classes.txt': 'Unlabeled\nBuilding\nVehicles\n',
        'train/rgb/1.png': image(0),
        'train/instance/1.png': colourMap(
          raw(0),
          [raw(2, 5, 0), 2, 3, 4, 5],
          [raw(1, 5, 0), 10, 3, 2, 2],
          [raw(1, 6, 0), 12, 3, 2, 2],
          [raw(3, 0, 0), 0, 0, 1, 1],
        ),
      },
      classes: ['Building', 'Vehicles'],
      entries: [
        {
          path: 'train/rgb/1.png',
          label: 'Vehicles',
          split: 'train',
          stated: SIZE,
          boxes: [object('Vehicles', 5, 2, 3, 4, 5), region('Building', 10, 3, 4, 2)],
        },
      ],
      left: [{ kind: 'undeclared', name: '(3, 0, 0, 255)', count: 1 }],
    },
    'maps that are none': {
      files: {
        'rgb/1.png': image(0),
        'semantic/1.png': image(1),
        'rgb/2.png': image(2),
        'semantic/2.png': 'x',
        'rgb/3.png': image(3),
        'semantic/3.png': colourMap(raw(11)),
        'instance/3.png': '{"a": 1}',
      },
      classes: CLASSES,
      notes: [NEW],
      entries: [
        { path: 'rgb/1.png' },
        { path: 'rgb/2.png' },
        { path: 'rgb/3.png', stated: SIZE, boxes: [region('Sky', 0, 0, 24, 16)] },
      ],
      left: [
        { kind: 'all-boxes', count: 2, example: 'rgb/1.png' },
        { kind: 'some-boxes', count: 1, example: 'rgb/3.png' },
      ],
      skips: [
        /semantic\/1\.png: 384 of its 384 numbers or colours are declared nowhere/,
        /semantic\/2\.png: the content is not an image/,
        /instance\/3\.png: the content is JSON/,
      ],
    },
  },
});
