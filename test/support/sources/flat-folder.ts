import { defineFixtures, image } from './define.ts';

export default defineFixtures({
  id: 'flat-folder',
  good: {
    unlabelled: {
      files: { 'b.png': image(0), 'a.webp': 'x' },
      entries: [{ path: 'a.webp' }, { path: 'b.png' }],
    },
    'splits, and a folder of images in each': {
      files: {
        'train/images/a.png': image(0),
        'val/images/b.png': image(2),
      },
      entries: [
        { path: 'train/images/a.png', split: 'train' },
        { path: 'val/images/b.png', split: 'val' },
      ],
    },
  },
});
