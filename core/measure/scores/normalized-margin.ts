import { defineScore } from './define.ts';
import { perRow } from './rows.ts';

export default defineScore({
  id: 'normalized-margin',
  title: 'Normalised margin of the label',
  suspect: 'low',
  range: [0, 1],
  unit: '',
  needs: ['probabilities', 'label'],
  meaning: 'the label model prefers another class to the given label',
  source: 'Northcutt et al. 2021 (confident learning): (p[y] - largest other p + 1) / 2',
  threshold: null,
  compute: ({ n, run, probabilities, given }) =>
    perRow(n, (i) => {
      const label = given[i]!;
      if (label < 0) return Number.NaN;
      let rival = 0;
      for (let k = 0; k < run.classes; k++) {
        if (k !== label) rival = Math.max(rival, probabilities[i * run.classes + k]!);
      }
      return (probabilities[i * run.classes + label]! - rival + 1) / 2;
    }),
});
