import { defineScore } from './define.ts';

/** An image that is all zeros to the model has cosine 0 with everything, and so margin 0. */
export default defineScore({
  id: 'class-margin',
  title: 'Lead of its class by likeness',
  group: 'words',
  suspect: 'low',
  range: [-2, 2],
  unit: 'cosine',
  needs: ['ownAlignment', 'bestOtherAlignment'],
  meaning: 'closer to the prompt, or the real images, of another class than to its own',
  source: 'Radford et al. 2021: cos to the own class minus cos to the best other one',
  // Every class has a threshold of its own, from its real images: see scores.alignment.
  threshold: null,
  value: ({ ownAlignment, bestOtherAlignment }, i) =>
    Math.min(2, Math.max(-2, ownAlignment[i]! - bestOtherAlignment[i]!)),
});
