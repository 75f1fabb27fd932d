import { defineScore } from './define.ts';

export default defineScore({
  id: 'normalized-margin',
  title: 'Lead of the given label',
  group: 'label',
  suspect: 'low',
  range: [0, 1],
  unit: '',
  needs: ['probabilities', 'given'],
  meaning: 'the label model prefers another class to the given label',
  source: 'Northcutt et al. 2021 (confident learning): (p[y] - largest other p + 1) / 2',
  threshold: null,
  value: ({ probabilities, given, classes }, i) => {
    const label = given[i]!;
    let rival = 0;
    for (let k = 0; k < classes; k++) {
      if (k !== label) rival = Math.max(rival, probabilities[i * classes + k]!);
    }
    return (probabilities[i * classes + label]! - rival + 1) / 2;
  },
});
