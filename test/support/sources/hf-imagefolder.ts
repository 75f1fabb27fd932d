import { defineFixtures, lines } from './define.ts';

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
