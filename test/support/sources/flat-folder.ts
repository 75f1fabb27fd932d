import { defineFixtures, image } from './define.ts';

export default defineFixtures({
  id: 'flat-folder',
  good: {
    unlabelled: {
      files: { 'b.png': image(0), 'a.webp': 'x' },
      entries: [{ path: 'a.webp' }, { path: 'b.png' }],
    },
  },
});
