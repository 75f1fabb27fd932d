import { defineScore } from './define.ts';

export default defineScore({
  id: 'class-alignment',
  title: 'Alignment with its class',
  group: 'words',
  suspect: 'low',
  range: [0, 2.5],
  unit: '',
  needs: ['ownAlignment'],
  meaning: 'little to do with the prompt, or the real images, of its class',
  source: 'CLIPScore, Hessel et al. 2021: 2.5 max(cos, 0)',
  threshold: null,
  // A cosine of unit vectors may be above 1 by rounding.
  value: ({ ownAlignment }, i) => 2.5 * Math.min(Math.max(ownAlignment[i]!, 0), 1),
});
