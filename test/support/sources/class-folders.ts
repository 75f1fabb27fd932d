import { defineFixtures, image } from './define.ts';

export default defineFixtures({
  id: 'class-folders',
  good: {
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
      left: [{ kind: 'caption', count: 1, example: 'cat/1.txt' }],
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
  bad: {
    'broken folder list': {
      files: { 'cat/1.png': image(0), 'class-folders.json': '{"format": 1}' },
      says: /class-folders\.json: not a folder list/,
    },
  },
});
