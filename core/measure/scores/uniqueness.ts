import { defineScore } from './define.ts';
import { perRow } from './rows.ts';

export default defineScore({
  id: 'uniqueness',
  title: 'Uniqueness among all images',
  suspect: 'low',
  range: [0, 1],
  unit: '',
  needs: ['neighbours'],
  meaning: 'it has close look-alikes: it adds little',
  source: 'FiftyOne Brain: .6, .3, .1 times the distances to the three nearest, over the largest such sum',
  threshold: null,
  compute: ({ n, run, poolSpacing }) =>
    perRow(n, (i) => {
      const spacing = poolSpacing[i]!;
      return spacing === 0 ? 0 : Math.min(1, spacing / run.largestSpacing);
    }),
});
