import { entropy } from '../../base/numeric/entropy.ts';
import { defineScore } from './define.ts';

/** H(p) / ln K, so that projects with different numbers of classes share one scale; 0 with a single class. */
export default defineScore({
  id: 'entropy',
  title: 'How undecided the label model is',
  group: 'model',
  suspect: 'high',
  range: [0, 1],
  unit: 'fraction of ln K',
  needs: ['probabilities'],
  meaning: 'the label model spreads its belief over many classes',
  source: 'Shannon 1948; Settles 2009, uncertainty sampling',
  threshold: null,
  value: ({ probabilities, classes }, i) =>
    entropy(probabilities, i * classes, classes) / (classes > 1 ? Math.log(classes) : 1),
});
