import { placeAt } from '../artefact-map.ts';
import { middleOf } from '../objects/objects.ts';
import { judgeObjects } from '../objects/judge.ts';
import { counted } from '../../../rpc/format.ts';
import { defineScore } from './define.ts';

export default defineScore({
  id: 'object-risk',
  title: 'Chance that an object is wrong',
  group: 'label',
  suspect: 'high',
  range: [0, 1],
  unit: 'probability',
  needsScores: [],
  meaning: 'the class, the place or the outline of an object differs from those of real objects',
  source:
    'Multinomial logistic regression on crops and boxes, trained on real objects with faults put in: docs/methods/objects.md',
  threshold: null,
  ranking: { stratum: 'suspect-label', by: 'chance', decides: true },
  reason: 'rare',
  placeOf(store, run, imageId) {
    const worst = store.objects.verdicts(run, imageId).toSorted((a, b) => b.chance - a.chance)[0];
    const middle = worst && middleOf(store, imageId, worst);
    return middle ? placeAt(...middle) : null;
  },
  async estimate({ run }) {
    if (!run.store.objects.any()) return null;
    const judged = await judgeObjects(run);
    if ('reason' in judged) return { values: () => [], record: {}, notes: [judged.reason] };
    const { verdicts, record, leftOut } = judged;
    const rows = [...verdicts.real, ...verdicts.holdout, ...verdicts.synthetic];
    return {
      keep: (store, id) => rows.forEach((row) => store.objects.insertVerdict(id, row)),
      *values() {
        // An image is as suspect as its worst object.
        const worst = new Map<number, number>();
        for (const { imageId, chance } of rows) worst.set(imageId, Math.max(chance, worst.get(imageId) ?? 0));
        yield* worst;
      },
      record: { objectRisk: record },
      notes:
        leftOut === 0
          ? []
          : [
              `The objects of ${counted(leftOut, 'image')} were not judged: the original is missing, or it changed since it was imported.`,
            ],
    };
  },
});
