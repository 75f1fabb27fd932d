import { viewImages } from '../../explore/index.ts';
import { decideMany, requireExpected } from '../../review/bulk.ts';
import { counted, defineTask } from '../task.ts';

export default defineTask({
  kind: 'decide-view',
  mode: 'write',
  // Nobody's decision waits for another's, or is refused because of it.
  exclusive: 'none',
  title: ({ expected }) => `Deciding on ${counted(expected, 'image')}`,
  async run({ project }, { by, view, expected, ...decision }) {
    const images = await viewImages(project, view);
    requireExpected(images.length, expected);
    return decideMany(project, by, images, decision);
  },
  outcome: ({ applied, seq }) => `${counted(applied, 'decision')} recorded as event ${seq}.`,
});
