import type { Box } from '../../../core/base/boxes.ts';
import { defineFixtures, lines } from './define.ts';

const CARD = `---
license: mit
dataset_info:
  features:
  - name: image
    dtype: image
  - name: label
    dtype:
      class_label:
        names:
          '0': no
          '1': "10"
          '2': tabby cat
  - name: objects
    struct:
    - name: bbox
      list: {list: float32}
    - name: category
      list:
        class_label:
          names: {'0': dog}
---
# A set
`;

export default defineFixtures({
  id: 'hf-imagefolder',
  good: {
    'splits in folders, boxes as objects': {
      files: {
        'train/metadata.csv': 'file_name,label\na.png,cat\n',
        'test/metadata.jsonl': lines({
          file_name: 'b.png',
          objects: { bbox: [[1, 2, 3, 4.5]], categories: [0] },
        }),
      },
      entries: [
        {
          path: 'test/b.png',
          split: 'test',
          boxes: [{ label: '0', format: 'xywh-pixel', values: [1, 2, 3, 4.5] }],
        },
        { path: 'train/a.png', split: 'train', label: 'cat' },
      ],
    },
    'one file at the top': {
      files: { 'metadata.jsonl': lines({ file_name: 'valid/a.png', label: 'cat' }, { file_name: 'b.png' }) },
      entries: [{ path: 'valid/a.png', split: 'valid', label: 'cat' }, { path: 'b.png' }],
    },
    'class names of the card, and what else objects have': {
      files: {
        'README.md': CARD,
        'metadata.jsonl': lines(
          {
            file_name: 'a.png',
            width: 64,
            height: 48,
            label: 2,
            objects: {
              id: [7, 8],
              area: [12, 1],
              bbox: [
                [1, 2, 3, 4],
                [5, 6, 1, 1],
              ],
              category: [0, 0],
              segmentation: [[[1, 2, 3, 4, 5, 6]], []],
              iscrowd: [0, 1],
              pose: ['left', null],
            },
          },
          { file_name: 'b.png', label: 0 },
          { file_name: 'c.png', label: 3 },
          { file_name: 'd.png', label: -1, objects: [{ bbox: [1, 2, 3, 4], category: 'cat' }] },
        ),
      },
      entries: [
        {
          path: 'a.png',
          label: 'tabby cat',
          stated: { width: 64, height: 48 },
          boxes: [
            {
              label: 'dog',
              format: 'xywh-pixel',
              values: [1, 2, 3, 4],
              detail: { polygons: [[1, 2, 3, 4, 5, 6]], columns: { area: 12, pose: 'left' } },
            },
            { label: 'dog', format: 'xywh-pixel', values: [5, 6, 1, 1], detail: { crowd: true } },
          ],
        },
        { path: 'b.png', label: 'no' },
        { path: 'd.png', boxes: [{ label: 'cat', format: 'xywh-pixel', values: [1, 2, 3, 4] }] },
      ],
      skips: [/metadata\.jsonl, line 3: the dataset declares no class 3 for `label`/],
    },
    'images without a sound box are no backgrounds': {
      files: {
        'README.md': CARD,
        'metadata.jsonl': lines(
          { file_name: 'a.png', objects: { bbox: [[1, 2, 3, 4]], category: [5] } },
          {
            file_name: 'b.png',
            objects: {
              bbox: [
                [1, 2, 3, 4],
                [1, 2, 3],
              ],
              category: [0, 0],
            },
          },
        ),
      },
      entries: [
        { path: 'a.png' },
        { path: 'b.png', boxes: [{ label: 'dog', format: 'xywh-pixel', values: [1, 2, 3, 4] }] },
      ],
      left: [
        { kind: 'all-boxes', count: 1, example: 'a.png' },
        { kind: 'some-boxes', count: 1, example: 'b.png' },
      ],
      skips: [
        /line 1: object 1 of `objects`: its class is 5/,
        /line 2: object 2 of `objects`: its box is not/,
      ],
    },
    'class names of dataset_infos.json': {
      files: {
        'dataset_infos.json': JSON.stringify({
          default: { features: { label: { names: ['x', 'y'], _type: 'ClassLabel' } } },
        }),
        'metadata.csv': 'file_name,label\na.png,1\n',
      },
      entries: [{ path: 'a.png', label: 'y' }],
    },
    'areas of boxes, and areas of something else': {
      files: {
        'metadata.jsonl': lines(
          {
            file_name: 'a.png',
            objects: {
              bbox: [
                [1, 2, 3, 4.5],
                [1, 2, 30, 40],
                [1, 2, 3, 4],
                [1, 2, 3, 4],
              ],
              categories: ['cat', 'cat', 'cat', 'cat'],
              area: [13, 3, null, 'x'],
            },
          },
          { file_name: 'b.png', objects: [{ bbox: [1, 2, 3, 4], category: 'cat', area: 12 }] },
        ),
      },
      entries: [
        {
          path: 'a.png',
          label: null,
          boxes: [
            [1, 2, 3, 4.5],
            [1, 2, 30, 40],
            [1, 2, 3, 4],
            [1, 2, 3, 4],
          ].map((values, i) => ({
            label: 'cat',
            format: 'xywh-pixel',
            values: values as Box['values'],
            ...(i === 1 && { detail: { columns: { area: 3 } } }),
          })),
        },
        { path: 'b.png', boxes: [{ label: 'cat', format: 'xywh-pixel', values: [1, 2, 3, 4] }] },
      ],
      left: [{ kind: 'column', name: 'area', count: 1 }],
    },
    'numbers without names': {
      files: { 'metadata.csv': 'file_name,label\na.png,1\n' },
      entries: [{ path: 'a.png', label: '1' }],
    },
    'a missing image is not taken from another split': {
      files: { 'train/metadata.csv': 'file_name,label\na.png,x\n', 'test/a.png': 'x' },
      entries: [{ path: 'train/a.png', split: 'train', label: 'x' }],
      left: [{ kind: 'unlisted', count: 1, example: 'test/a.png' }],
    },
  },
  bad: {
    'no file_name': {
      files: { 'metadata.jsonl': lines({ label: 'cat' }) },
      says: /metadata\.jsonl, line 1: no image path/,
    },
    'objects of two lengths': {
      files: { 'metadata.jsonl': lines({ file_name: 'a.png', objects: { bbox: [], categories: [1] } }) },
      says: /line 1: `objects` must be/,
    },
  },
});
