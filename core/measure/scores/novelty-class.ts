import { defineScore } from './define.ts';
import { novelty } from './novelty.ts';
import { perRow } from './rows.ts';

/** A class with too few real images to have a scale of its own borrows that of the whole seed. */
export default defineScore({
  id: 'novelty-class',
  title: 'Novelty against the real images of its class',
  suspect: 'high',
  range: [0, 1],
  unit: '',
  needs: ['neighbours', 'label'],
  meaning: 'far from the real images of the given class',
  source: 'Kuan and Mueller 2022, within the given class',
  threshold: null,
  reason: 'rare',
  aboutLabel: true,
  compute: ({ n, run, given, givenClassDistance }) =>
    perRow(n, (i) => {
      if (given[i]! < 0) return Number.NaN;
      const own = run.noveltyScaleOfClass[given[i]!]!;
      return novelty(givenClassDistance[i]!, Number.isNaN(own) ? run.noveltyScale : own);
    }),
});
