import { viewImages } from '../../explore/index.ts';
import { decide, requireExpected } from '../../review/decide.ts';
import { counted } from '../../../rpc/format.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'decide-view',
  mode: 'write',
  // Nobody's decision waits for another's, or is refused because of it.
  exclusive: 'none',
  title: ({ expected }) => `Deciding on ${counted(expected, 'image')}`,
  async run({ project, inThread }, { view, expected }) {
    const images = await viewImages(project, view);
    requireExpected(images.length, expected);
    return inThread(images);
  },
  work: async ({ project }, { by, verdict, label, reason }, images) =>
    decide(
      project,
      by,
      { kind: 'view' },
      { images: images as Uint32Array, answer: { verdict, label, reason } },
    ),
  outcome: ({ applied, seq }) => `${counted(applied, 'decision')} recorded as event ${seq}.`,
});
