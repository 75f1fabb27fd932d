import { colourOf } from '../../../imaging/label-map.ts';
import { defineFixtures, image } from './define.ts';
import { colourMap, greyMap, maskOver, npy } from './numbers.ts';

const OLD = [
  ['semanticId', '<u4'],
  ['x_min', '<i4'],
  ['y_min', '<i4'],
  ['x_max', '<i4'],
  ['y_max', '<i4'],
] as const;
const NEW = [...OLD, ['occlusionRatio', '<f4']] as const;
const json = (value: unknown): string => JSON.stringify(value);

const CUBE = colourOf(25, 255, 82, 255);
const BALL = colourOf(255, 25, 82, 255);
const UNLABELLED = colourOf(0, 0, 0, 255);
const SEMANTICS = json({
  '(0, 0, 0, 0)': { class: 'BACKGROUND' },
  '(0, 0, 0, 255)': { class: 'UNLABELLED' },
  '(25, 255, 82, 255)': { class: 'cube', material: 'wood' },
  '(255, 25, 82, 255)': { class: 'ball' },
});
const SIZE = { width: 24, height: 16 };

export default defineFixtures({
  id: 'replicator',
  good: {
    'flat, with boxes joined to instances by prim, one hidden and one without a box': {
      files: {
        'rgb_0000.png': image(0),
        'rgb_0001.png': image(1),
        'bounding_box_2d_tight_0000.npy': npy(NEW, [
          [2, 1, 2, 6, 7, 0.25],
          [3, 9, 9, 12, 12, 1],
          [2, 20, 0, 23, 3, -1],
        ]),
        'bounding_box_2d_tight_labels_0000.json': json({
          2: { class: 'cube', material: 'wood' },
          3: { class: 'ball' },
        }),
        'bounding_box_2d_tight_prim_paths_0000.json': json(['/World/Cube', '/World/Hidden', '/World/Other']),
        'bounding_box_2d_loose_0000.npy': npy(NEW, []),
        'bounding_box_2d_loose_labels_0000.json': '{}',
        'instance_segmentation_0000.png': colourMap(
          0,
          [CUBE, 1, 2, 5, 5],
          [BALL, 12, 4, 3, 2],
          [UNLABELLED, 0, 14, 4, 2],
        ),
        'instance_segmentation_mapping_0000.json': json({
          '(0, 0, 0, 0)': 'BACKGROUND',
          '(0, 0, 0, 255)': 'UNLABELLED',
          '(25, 255, 82, 255)': '/World/Cube',
          '(255, 25, 82, 255)': '/World/Ball',
        }),
        'instance_segmentation_semantics_mapping_0000.json': SEMANTICS,
        'semantic_segmentation_0000.png': colourMap(0, [CUBE, 1, 2, 5, 5]),
        'semantic_segmentation_labels_0000.json': SEMANTICS,
        'distance_to_camera_0000.npy': 'x',
        'normals_0000.png': image(3),
        'camera_params_0000.json': '{}',
        'metadata.txt': 'x',
      },
      entries: [
        {
          path: 'rgb_0000.png',
          stated: SIZE,
          boxes: [
            {
              label: 'cube',
              format: 'xywh-pixel',
              values: [1, 2, 5, 5],
              detail: {
                attributes: { material: 'wood', prim: '/World/Cube', occlusionRatio: 0.25 },
                mask: maskOver([1, 2, 5, 5]),
              },
            },
            {
              label: 'ball',
              format: 'xywh-pixel',
              values: [9, 9, 3, 3],
              detail: { attributes: { prim: '/World/Hidden', occlusionRatio: 1 } },
            },
            {
              label: 'cube',
              format: 'xywh-pixel',
              values: [20, 0, 3, 3],
              detail: { attributes: { material: 'wood', prim: '/World/Other' } },
            },
            {
              label: 'ball',
              format: 'xywh-pixel',
              values: [12, 4, 3, 2],
              detail: { attributes: { prim: '/World/Ball' }, mask: maskOver([12, 4, 3, 2]) },
            },
          ],
        },
        { path: 'rgb_0001.png' },
      ],
      left: [
        { kind: 'file', name: '.npy', count: 2 },
        { kind: 'file', name: '.json', count: 1, example: 'camera_params_0000.json' },
        { kind: 'file', name: '.txt', count: 1 },
        { kind: 'mask-beside', count: 1, example: 'normals_0000.png' },
        { kind: 'mask-file', count: 1, example: 'semantic_segmentation_0000.png' },
      ],
    },
    'a folder for each camera and annotator, class maps of numbers, boxes of the older kind, and splits': {
      files: {
        'train/Left/rgb/rgb_1_0.png': image(0),
        'train/Left/bounding_box_2d_tight/bounding_box_2d_tight_1_0.npy': npy(OLD, [[7, 0, 0, 4, 4]]),
        'train/Left/bounding_box_2d_tight/bounding_box_2d_tight_labels_1_0.json': json({
          7: { class: 'cube' },
        }),
        'train/Left/semantic_segmentation/semantic_segmentation_1_0.png': greyMap(
          0,
          [2, 0, 0, 4, 4],
          [300, 8, 8, 2, 2],
          [9, 0, 15, 3, 1],
        ),
        'train/Left/semantic_segmentation/semantic_segmentation_labels_1_0.json': json({
          0: { class: 'BACKGROUND' },
          2: { class: 'cube' },
          300: { class: 'floor' },
        }),
        'val/Right_rgb_0.png': image(1),
        'val/Right_bounding_box_2d_tight_0.npy': npy(NEW, []),
        'val/Right_bounding_box_2d_tight_labels_0.json': '{}',
      },
      entries: [
        {
          path: 'train/Left/rgb/rgb_1_0.png',
          label: 'cube',
          split: 'train',
          stated: SIZE,
          boxes: [
            { label: 'cube', format: 'xywh-pixel', values: [0, 0, 4, 4] },
            {
              label: 'cube',
              format: 'xywh-pixel',
              values: [0, 0, 4, 4],
              detail: { crowd: true, mask: maskOver([0, 0, 4, 4]) },
            },
            {
              label: 'floor',
              format: 'xywh-pixel',
              values: [8, 8, 2, 2],
              detail: { crowd: true, mask: maskOver([8, 8, 2, 2]) },
            },
          ],
        },
        { path: 'val/Right_rgb_0.png', split: 'val', boxes: [] },
      ],
      left: [
        {
          kind: 'undeclared',
          name: '9',
          count: 3,
          example: 'train/Left/semantic_segmentation/semantic_segmentation_1_0.png',
        },
      ],
    },
    'instances without prims, joined by place': {
      files: {
        'rgb_0.png': image(0),
        'bounding_box_2d_tight_0.npy': npy(OLD, [[1, 2, 3, 5, 7]]),
        'bounding_box_2d_tight_labels_0.json': json({ 1: { class: 'cube' } }),
        'instance_segmentation_0.png': greyMap(0, [4, 2, 3, 4, 5]),
        'instance_segmentation_semantics_mapping_0.json': json({ 4: { class: 'cube' } }),
      },
      entries: [
        {
          path: 'rgb_0.png',
          label: 'cube',
          stated: SIZE,
          boxes: [
            {
              label: 'cube',
              format: 'xywh-pixel',
              values: [2, 3, 3, 4],
              detail: { mask: maskOver([2, 3, 4, 5]) },
            },
          ],
        },
      ],
    },
    'faulty files and records': {
      files: {
        'rgb_0000.png': image(0),
        'bounding_box_2d_tight_0000.npy': npy(OLD, [
          [1, 2, 3, 5, 7],
          [8, 2, 3, 5, 7],
          [1, 9, 3, 5, 7],
        ]),
        'bounding_box_2d_tight_labels_0000.json': json({ 1: { class: 'cube' } }),
        'rgb_0001.png': image(1),
        'bounding_box_2d_tight_0001.npy': npy(OLD, [[1, 2, 3, 5, 7]]).subarray(0, -1),
        'bounding_box_2d_tight_labels_0001.json': json({ 1: { class: 'cube' } }),
        'rgb_0002.png': image(2),
        'semantic_segmentation_0002.png': image(3),
        'semantic_segmentation_labels_0002.json': json({ 1: { class: 'cube' } }),
        'rgb_0003.png': image(4),
        'semantic_segmentation_0003.png': greyMap(1),
        'semantic_segmentation_labels_0003.json': '{"1": {\n"class" "cube"}}',
        'bounding_box_2d_tight_0004.npy': npy(OLD, []),
        'rgb_0005.png': image(5),
        'bounding_box_2d_tight_0005.npy': npy([['a', '<f4']], [[1]]),
        'bounding_box_2d_tight_labels_0005.json': '{}',
      },
      entries: [
        {
          path: 'rgb_0000.png',
          label: 'cube',
          boxes: [{ label: 'cube', format: 'xywh-pixel', values: [2, 3, 3, 4] }],
        },
        { path: 'rgb_0001.png' },
        { path: 'rgb_0002.png' },
        { path: 'rgb_0003.png' },
        { path: 'rgb_0005.png' },
      ],
      left: [
        { kind: 'all-boxes', count: 4, example: 'rgb_0001.png' },
        { kind: 'some-boxes', count: 1, example: 'rgb_0000.png' },
        { kind: 'mask-file', count: 1, example: 'semantic_segmentation_0003.png' },
      ],
      skips: [
        /bounding_box_2d_tight_0000\.npy: record 1 has the semanticId 8, which bounding_box_2d_tight_labels_0000\.json does not name/,
        /record 2 has a negative size: 9, 3 to 5, 7/,
        /bounding_box_2d_tight_0001\.npy: the file is cut off: it states 1 records/,
        /semantic_segmentation_0002\.png: it is a picture in colours/,
        /semantic_segmentation_labels_0003\.json, line 2: no valid JSON/,
        /bounding_box_2d_tight_0004\.npy: there is no rgb picture of its frame/,
        /bounding_box_2d_tight_0005\.npy: its columns are not those of boxes/,
      ],
    },
  },
  bad: {
    'boxes without their labels': {
      files: { 'rgb_0.png': image(0), 'bounding_box_2d_tight_0.npy': npy(OLD, []) },
      says: /bounding_box_2d_tight_0\.npy: there is no bounding_box_2d_tight_labels file of this frame/,
    },
    'no array': {
      files: {
        'rgb_0.png': image(0),
        'bounding_box_2d_tight_0.npy': 'x',
        'bounding_box_2d_tight_labels_0.json': '{}',
      },
      says: /bounding_box_2d_tight_0\.npy: the content is no NumPy array/,
    },
  },
});
