import { oddestPlace } from '../artefact-map.ts';
import { defineScore } from './define.ts';

export default defineScore({
  id: 'artefact',
  title: 'Oddest part',
  group: 'picture',
  suspect: 'high',
  range: [0, 10],
  unit: 'times usual',
  meaning: 'a part of it looks like nothing in the real images, nor in the other synthetic ones',
  source: 'PatchCore (Roth et al. 2022), with the rest of the batch in its memory: docs/methods/artefacts.md',
  threshold: null,
  ranking: { stratum: 'damaged', by: 'outlying', withinClass: true, standIn: true, apart: true },
  reason: 'rare',
  placeOf(store, run, imageId) {
    const map = store.patches.map(run, imageId);
    return map ? oddestPlace(map) : null;
  },
  column: 'oddestPart',
});
