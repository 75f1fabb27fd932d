import coco from '../../../core/import/sources/coco.ts';
import { Reading } from '../../../core/import/sources/reading.ts';
import { leftWords } from '../../../rpc/contract/imports.ts';
import { folderWith } from '../folders.ts';
import { defineFixtures } from './define.ts';

type Json = Record<string, unknown>;

/** A COCO file of images 1.jpg, 2.jpg ... and the classes cat (7) and dog (3), with one record per line. */
export function cocoText(annotations: (Json | string)[], more: Json = {}): string {
  const all = {
    images: [image(1), image(2)],
    annotations,
    categories: [
      { id: 7, name: 'cat' },
      { id: 3, name: 'dog' },
    ],
    ...more,
  };
  const lines = (value: unknown): string =>
    Array.isArray(value)
      ? `[\n${value.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join(',\n')}\n]`
      : JSON.stringify(value);
  return `{${Object.entries(all)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${JSON.stringify(key)}: ${lines(value)}`)
    .join(',\n')}}`;
}

export function image(id: number, more: Json = {}): Json {
  return { id, file_name: `${id}.jpg`, ...more };
}

/** A sound annotation: a cat in image 1. */
export function box(more: Json = {}): Json {
  return { id: 1, image_id: 1, category_id: 7, bbox: [1, 2, 3, 4], ...more };
}

/** What a dataset of these files comes to; `root` is a file to import. Images that are not in `files` are made empty. */
export async function readDataset(files: Record<string, string>, root = '', strict = false) {
  const folder = folderWith(files);
  const from = root === '' ? folder : `${folder}/${root}`;
  const detected = await coco.detects(from);
  const reading = new Reading(folder, { strict });
  const images: Record<string, unknown[]> = {};
  for await (const { path, split, label, boxes } of coco.list(from, reading))
    images[path] = [split, label, ...(boxes?.map((one) => [one.label, ...one.values].join(' ')) ?? [null])];
  const { left, skipped, notes } = reading.result();
  return {
    detected,
    images,
    left: left.map(leftWords),
    skipped: skipped.examples,
    notes,
  };
}

const CATEGORIES = [
  { id: 7, name: 'dog' },
  { id: 3, name: 'cat' },
];

export default defineFixtures({
  id: 'coco',
  good: {
    'boxes of one class, of two, of none; images named by their set': {
      files: {
        'val2017/1.png': { image: 0 },
        'annotations/instances_val2017.json': JSON.stringify({
          info: { year: 2017, note: 'a "quoted" ]} text' },
          images: [
            { id: 1, file_name: '1.png', width: 24 },
            { id: 2, file_name: '2.png' },
            { id: 3, file_name: '3.png' },
          ],
          annotations: [
            { id: 1, image_id: 1, category_id: 3, bbox: [0.1, 2, 3, 4], segmentation: [[1, 2, 3, 4]] },
            { id: 2, image_id: 2, category_id: 3, bbox: [0, 0, 1, 1] },
            { id: 3, image_id: 2, category_id: 7, bbox: [0, 0, 1, 1] },
          ],
          categories: CATEGORIES,
        }),
        'annotations/captions_val2017.json':
          '{"images": [], "annotations": [{"image_id": 1, "caption": "x"}]}',
      },
      entries: [
        {
          path: 'val2017/1.png',
          label: 'cat',
          split: 'val',
          boxes: [{ label: 'cat', format: 'xywh-pixel', values: [0.1, 2, 3, 4] }],
        },
        {
          path: 'val2017/2.png',
          split: 'val',
          boxes: ['cat', 'dog'].map((label) => ({ label, format: 'xywh-pixel', values: [0, 0, 1, 1] })),
        },
        { path: 'val2017/3.png', split: 'val', boxes: [] },
      ],
      classes: ['dog', 'cat'],
      left: [
        { kind: 'polygon', count: 1, example: 'annotations/instances_val2017.json' },
        { kind: 'caption', count: 1, example: 'annotations/captions_val2017.json' },
      ],
    },
    'images without a sound box are no backgrounds': {
      files: {
        'a.json': JSON.stringify({
          images: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name, id) => ({
            id,
            file_name: `${name}.png`,
          })),
          annotations: [
            { id: 1, image_id: 0, category_id: 3, bbox: [1, 2, null, 4] },
            { id: 2, image_id: 1, category_id: 9, bbox: [1, 2, 3, 4] },
            { id: 3, image_id: 2, category_id: 3, bbox: [1, 2, 3, 4], iscrowd: 1 },
            { id: 4, image_id: 3, category_id: 3, keypoints: [1, 2, 2], num_keypoints: 1 },
            { id: 5, image_id: 4, category_id: 3, bbox: [1, 2, 3, 4] },
            { id: 6, image_id: 4, category_id: 3, bbox: [1, 2, -3, 4] },
            { id: 7, image_id: 5, category_id: 3 },
            { id: 8, image_id: 5, category_id: 3, bbox: [1, 2, '?', 4] },
            { id: 9, image_id: 6, category_id: 7 },
          ],
          categories: CATEGORIES,
        }),
      },
      entries: [
        { path: 'a.png' },
        { path: 'b.png' },
        {
          path: 'c.png',
          boxes: [{ label: 'cat', format: 'xywh-pixel', values: [1, 2, 3, 4], detail: { crowd: true } }],
        },
        { path: 'd.png' },
        {
          path: 'e.png',
          label: 'cat',
          boxes: [{ label: 'cat', format: 'xywh-pixel', values: [1, 2, 3, 4] }],
        },
        { path: 'f.png', label: 'cat' },
        { path: 'g.png', label: 'dog', boxes: [] },
        { path: 'h.png', boxes: [] },
      ],
      classes: ['dog', 'cat'],
      left: [
        { kind: 'all-boxes', count: 3, example: 'a.png' },
        { kind: 'keypoints', count: 1 },
        { kind: 'no-boxes', count: 1, example: 'd.png' },
        { kind: 'some-boxes', count: 1, example: 'e.png' },
      ],
      skips: [
        /`bbox` must be four numbers .* \(id 1\)/,
        /\(id 6\)/,
        /\(id 8\)/,
        /category 9, which is not listed \(id 2\)/,
      ],
    },
    'classification without boxes, beside the images': {
      files: {
        'train/a.png': { image: 0 },
        'train/_annotations.coco.json': JSON.stringify(
          {
            images: [{ id: 'x', file_name: 'a.png' }],
            categories: CATEGORIES,
            annotations: [{ image_id: 'x', category_id: 7 }],
          },
          null,
          1,
        ),
      },
      entries: [{ path: 'train/a.png', label: 'dog', split: 'train' }],
      classes: ['dog', 'cat'],
    },
  },
  bad: {
    'cut off': {
      files: { 'a.json': '{"images": [{"id": 1, "file_name": "a.png"}],\n"annotations": [' },
      says: /a\.json, line 2: the JSON text ends early/,
    },
    'not JSON': { files: { 'a.json': '{"images": [\n{"id": 1,, }]}' }, says: /a\.json, line 2: not JSON/ },
    'unknown image': {
      files: {
        'a.json': '{"images": [],\n"categories": [],\n"annotations": [{"image_id": 5, "category_id": 1}]}',
      },
      says: /line 3: the annotation refers to image 5, which is not listed/,
    },
    'unknown category': {
      files: {
        'a.json':
          '{"images": [{"id": 5, "file_name": "a.png"}], "annotations": [{"image_id": 5, "category_id": 1}], "categories": [{"id": 2, "name": "a"}]}',
      },
      says: /line 1: the annotation refers to category 1, which is not listed/,
    },
    'bad box': {
      files: {
        'a.json':
          '{"images": [{"id": 5, "file_name": "a"}], "annotations": [\n{"image_id": 5, "category_id": 1, "bbox": [1, 2, null, 4]}]}',
      },
      says: /line 2: `bbox` must be four numbers/,
    },
    'image twice': {
      files: {
        'a.json': '{"images": [{"id": 1, "file_name": "a.png"},\n{"id": 2, "file_name": "./a.png"}]}',
      },
      says: /line 2: "a\.png" is already listed in line 1/,
    },
  },
});
