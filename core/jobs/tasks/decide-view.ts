import { viewImages } from '../../explore/index.ts';
import { decide, requireExpected } from '../../review/decide.ts';
import { counted, defineTask } from '../task.ts';

export default defineTask({
  kind: 'decide-view',
  mode: 'write',
  // Nobody's decision waits for another's, or is refused because of it.
  exclusive: 'none',
  title: ({ expected }) => `Deciding on ${counted(expected, 'image')}`,
  async run({ project }, { by, view, expected, verdict, label, reason }) {
    const images = await viewImages(project, view);
    requireExpected(images.length, expected);
    return decide(project, by, { kind: 'view' }, { images, answer: { verdict, label, reason } });
  },
  outcome: ({ applied, seq }) => `${counted(applied, 'decision')} recorded as event ${seq}.`,
});
