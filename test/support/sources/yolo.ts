import { defineFixtures, image } from './define.ts';

const ANCHORS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const NINE = (text: string): string => Array<string>(9).fill(text).join(', ');
/** Each line repeats the one before nine times: 9^8 texts in all. */
const ALIAS_BOMB = [
  'names: [a]',
  'train: x',
  ...ANCHORS.map((name, i) => `${name}: &${name} [${NINE(i === 0 ? 'x' : `*${ANCHORS[i - 1]!}`)}]`),
].join('\n');

const YAML = 'train: images\nval: images\nnames: [a]\n';

export default defineFixtures({
  id: 'yolo',
  good: {
    'names as a map, a list of images, polygons, Roboflow paths': {
      files: {
        'data.yaml':
          'path: ../datasets/elsewhere\ntrain: ../train/images\nval: val.txt\ntest: test/images\nnames:\n  0: no\n  1: "1"\n',
        'train/images/a.png': image(0),
        'train/labels/a.txt': '0 0.5 0.5 0.25 1e-3\n\n1 0 0 1 0 1 0.5\n',
        'train/images/b.png': image(1),
        'val.txt': './val/c.png\nval/d.png\n',
        'val/c.txt': '1 0.1 0.2 0.3 0.4',
      },
      entries: [
        {
          path: 'train/images/a.png',
          split: 'train',
          boxes: [
            { label: 'no', format: 'cxcywh-relative', values: [0.5, 0.5, 0.25, 1e-3] },
            {
              label: '1',
              format: 'cxcywh-relative',
              values: [0.5, 0.25, 1, 0.5],
              detail: { polygons: [[0, 0, 1, 0, 1, 0.5]] },
            },
          ],
        },
        { path: 'train/images/b.png', split: 'train', boxes: [] },
        {
          path: 'val/c.png',
          split: 'val',
          label: '1',
          boxes: [{ label: '1', format: 'cxcywh-relative', values: [0.1, 0.2, 0.3, 0.4] }],
        },
        { path: 'val/d.png', split: 'val', boxes: [] },
      ],
      classes: ['no', '1'],
      notes: [/`test: test\/images` of data\.yaml is not there: there is no test split/],
    },
    'images without a sound box are no backgrounds': {
      files: {
        'data.yaml': YAML,
        'images/a.png': image(0),
        'images/b.png': image(1),
        'images/c.png': image(2),
        'labels/a.txt': '0 120 80 40 30\n7 .5 .5 .2 .2\n',
        'labels/b.txt': '0 0.5 0.5 0.25 0.5\n0 120 80 40 30\n',
        'labels/c.txt': '\n',
      },
      entries: [
        { path: 'images/a.png', split: 'train' },
        {
          path: 'images/b.png',
          split: 'train',
          label: 'a',
          boxes: [{ label: 'a', format: 'cxcywh-relative', values: [0.5, 0.5, 0.25, 0.5] }],
        },
        { path: 'images/c.png', split: 'train', boxes: [] },
      ],
      classes: ['a'],
      left: [
        { kind: 'all-boxes', count: 1, example: 'images/a.png' },
        { kind: 'some-boxes', count: 1, example: 'images/b.png' },
      ],
      skips: [
        /a\.txt, line 1: 120 is not between 0 and 1/,
        /a\.txt, line 2: the dataset names no class 7/,
        /b\.txt, line 2: 120 is not between 0 and 1/,
      ],
    },
  },
  bad: {
    'class out of range': {
      files: { 'data.yaml': YAML, 'images/a.png': image(0), 'labels/a.txt': '0 1 1 1 1\n1 1 1 1 1' },
      says: /a\.txt, line 2: the dataset names no class 1/,
    },
    'too few numbers': {
      files: { 'data.yaml': YAML, 'images/a.png': image(0), 'labels/a.txt': '0 1 1 1' },
      says: /a\.txt, line 1: expected a class and four numbers/,
    },
    'no such folder': {
      files: { 'data.yaml': 'train: gone\nnames: [a]\n' },
      says: /data\.yaml: `train: gone` is not in this folder/,
    },
    'folder outside': {
      files: { 'data.yaml': 'train: /etc\nnames: [a]\n' },
      says: /`train: \/etc` is not in this folder/,
    },
    'broken YAML': { files: { 'data.yaml': 'train: x\nnames: [a\n' }, says: /data\.yaml, line \d: / },
    'own tag': {
      files: { 'data.yaml': 'train: !!js/function x\nnames: [a]\n' },
      says: /data\.yaml, line 1: /,
    },
    'alias bomb': {
      files: { 'data.yaml': ALIAS_BOMB },
      says: /aliases/,
    },
    'names missing a list': { files: { 'data.yaml': 'train: x\nnames: three\n' }, says: /`names`/ },
  },
});
