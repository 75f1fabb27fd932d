import { defineScore } from './define.ts';
import { perRow } from './rows.ts';

/** A set of pixel-equal images only is left to `exact-duplicate`. */
export default defineScore({
  id: 'hash-duplicate',
  title: 'Share of its perceptual hash',
  suspect: 'low',
  range: [0, 1],
  unit: '1 / images',
  needs: ['pixels'],
  meaning: 'other images have the very same perceptual hash',
  source: 'CleanVision: 1 / images with an equal 64-bit perceptual hash',
  threshold: 1,
  compute: ({ n, hashSet }) => perRow(n, (i) => 1 / hashSet[i]!),
});
