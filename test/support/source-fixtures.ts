import type { SourceEntry } from '../../core/import/sources/define.ts';

/** What a fixture's file holds: text as it is, or one of the images that the suite makes. */
type Content = string | Uint8Array | { image: number };

export interface Fixture {
  files: Record<string, Content>;
  /** The manifest that is imported, where it is not the folder. */
  root?: string;
}

export interface GoodFixture extends Fixture {
  /** In listing order; facts left out are empty. */
  entries: (Partial<SourceEntry> & { path: string })[];
  classes?: string[];
}

export interface BadFixture extends Fixture {
  /** What the refusal must say: the place and the problem. */
  says: RegExp;
}

const image = (n: number): { image: number } => ({ image: n });
const lines = (...all: (object | string)[]): string =>
  all.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');

const CATEGORIES = [
  { id: 7, name: 'dog' },
  { id: 3, name: 'cat' },
];

/** Sound datasets by source: `good-<name>`. */
export const GOOD: Record<string, Record<string, GoodFixture>> = {
  'class-folders': {
    'nested, hidden and side files': {
      files: {
        'cat/1.png': image(0),
        'cat/deep/er/2.PNG': image(1),
        'dog/1.jpg': 'not an image',
        'dog/old.tiff': 'x',
        'stray.png': image(2),
        'cat/1.txt': 'a prompt',
        'README.md': '#',
        '.cache/x.png': image(3),
        '__MACOSX/cat/1.png': 'x',
        'cat/._1.png': 'x',
      },
      entries: [
        { path: 'cat/1.png', label: 'cat' },
        { path: 'cat/deep/er/2.PNG', label: 'cat' },
        { path: 'dog/1.jpg', label: 'dog' },
        { path: 'dog/old.tiff', label: 'dog' },
        { path: 'stray.png' },
      ],
      classes: ['cat', 'dog'],
    },
    'splits above classes': {
      files: { 'train/cat/1.png': image(0), 'train/x.png': image(1), 'Val/dog/1.png': image(2) },
      entries: [
        { path: 'Val/dog/1.png', split: 'Val', label: 'dog' },
        { path: 'train/cat/1.png', split: 'train', label: 'cat' },
        { path: 'train/x.png', split: 'train' },
      ],
      classes: ['cat', 'dog'],
    },
  },
  'flat-folder': {
    unlabelled: {
      files: { 'b.png': image(0), 'a.webp': 'x' },
      entries: [{ path: 'a.webp' }, { path: 'b.png' }],
    },
  },
  'csv-manifest': {
    'other column names, BOM, Windows paths, semicolons': {
      files: {
        'labels.csv':
          '\uFEFFIndex;File Name;Class;Negative Prompt\r\n1;sub\\a.png;cat;"no;\r\nblur"\r\n\r\n2;./gone.png;;\r\n',
      },
      entries: [{ path: 'sub/a.png', label: 'cat', negativePrompt: 'no;\r\nblur' }, { path: 'gone.png' }],
    },
    'paths that lead out are listed for the decoder to refuse': {
      files: { 'x.csv': 'path,label\n../../etc/passwd,a\n/etc/passwd,b\n' },
      root: 'x.csv',
      entries: [
        { path: '../../etc/passwd', label: 'a' },
        { path: '/etc/passwd', label: 'b' },
      ],
    },
    'apostrophes of others stay': {
      files: { 'data.tsv': "image\tlabel\tprompt\na.png\t'=1\t\n" },
      entries: [{ path: 'a.png', label: "'=1" }],
    },
  },
  'jsonl-manifest': {
    'exact seeds, numbers as labels': {
      files: {
        'set.jsonl': lines('{"image": "a.png", "target": 3, "seed": 18446744073709551615}', '', {
          path: 'b.png',
          prompt: '',
        }),
      },
      entries: [
        { path: 'a.png', label: '3', seed: '18446744073709551615' },
        { path: 'b.png', prompt: '' },
      ],
    },
  },
  'hf-imagefolder': {
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
  },
  coco: {
    'boxes of one class, of two, of none; images named by their set': {
      files: {
        'val2017/1.png': image(0),
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
    },
    'classification without boxes, beside the images': {
      files: {
        'train/a.png': image(0),
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
  yolo: {
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
            { label: '1', format: 'cxcywh-relative', values: [0.5, 0.25, 1, 0.5] },
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
    },
  },
};

const ANCHORS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const NINE = (text: string): string => Array<string>(9).fill(text).join(', ');
/** Each line repeats the one before nine times: 9^8 texts in all. */
const ALIAS_BOMB = [
  'names: [a]',
  'train: x',
  ...ANCHORS.map((name, i) => `${name}: &${name} [${NINE(i === 0 ? 'x' : `*${ANCHORS[i - 1]!}`)}]`),
].join('\n');

const YAML = 'train: images\nval: images\nnames: [a]\n';

/** Broken datasets by source: `bad-<name>`. Each must be refused with `SOURCE_UNREADABLE`. */
export const BAD: Record<string, Record<string, BadFixture>> = {
  'class-folders': {
    'broken folder list': {
      files: { 'cat/1.png': image(0), 'class-folders.json': '{"format": 1}' },
      says: /class-folders\.json: not a folder list/,
    },
  },
  'flat-folder': {},
  'csv-manifest': {
    'row too short': {
      files: { 'a.csv': 'path,label\na.png,cat\nb.png\n' },
      says: /a\.csv, line 3: not valid CSV/,
    },
    'open quote': { files: { 'a.csv': 'path,label\n"a.png,cat\n' }, says: /a\.csv, line \d: not valid CSV/ },
    'path twice': {
      files: { 'a.csv': 'path\na.png\n./a.png\n' },
      says: /a\.csv, line 3: "a\.png" is already listed in line 2/,
    },
    'no path': { files: { 'a.csv': 'path,label\n,cat\n' }, says: /line 2: no image path/ },
    'column twice': {
      files: { 'a.csv': 'path,label,label\na.png,x,y\n' },
      says: /line 1: the column "label" occurs twice/,
    },
    'Latin-1': {
      files: { 'a.csv': Buffer.from('path,label\na.png,caf\xe9\n', 'latin1') },
      says: /a\.csv, line 2: not UTF-8/,
    },
    'two manifests': {
      files: { 'a.csv': 'path\n', 'b.csv': 'path\n' },
      says: /there are several manifests \(a\.csv, b\.csv\)/,
    },
  },
  'jsonl-manifest': {
    'not JSON': {
      files: { 'a.jsonl': lines({ path: 'a.png' }, '{"path": ') },
      says: /a\.jsonl, line 2: not JSON/,
    },
    'not an object': {
      files: { 'a.jsonl': lines({ path: 'a.png' }, '["b.png"]') },
      says: /line 2: not a JSON object/,
    },
    'label list': {
      files: { 'a.jsonl': lines({ path: 'a.png', label: ['x', 'y'] }) },
      says: /line 1: `label` must be one text, not a list/,
    },
    'bad boxes': {
      files: { 'a.jsonl': lines({ path: 'a.png', boxes: [{ label: 'x', values: [1, 2, 3] }] }) },
      says: /line 1: `boxes` must be/,
    },
    'path twice': {
      files: { 'a.jsonl': lines({ path: 'a.png' }, '', { path: 'x/../a.png' }) },
      says: /line 3: "a\.png" is already listed in line 1/,
    },
  },
  'hf-imagefolder': {
    'no file_name': {
      files: { 'metadata.jsonl': lines({ label: 'cat' }) },
      says: /metadata\.jsonl, line 1: no image path/,
    },
    'objects of two lengths': {
      files: { 'metadata.jsonl': lines({ file_name: 'a.png', objects: { bbox: [], categories: [1] } }) },
      says: /line 1: `objects` must be/,
    },
  },
  coco: {
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
  yolo: {
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
};
