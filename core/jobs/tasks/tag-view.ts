import { counted } from '../../../rpc/format.ts';
import { tagWords } from '../../../rpc/contract/tags.ts';
import { viewImages } from '../../explore/index.ts';
import { setTag } from '../../explore/tags.ts';
import { requireExpected } from '../../review/decide.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'tag-view',
  mode: 'write',
  exclusive: 'none',
  title: ({ tag, off, expected }) =>
    `${off ? 'Taking off' : 'Adding'} the tag “${tag}”: ${counted(expected, 'image')}`,
  async run({ project, inThread }, { view, expected }) {
    const images = await viewImages(project, view);
    requireExpected(images.length, expected);
    return inThread(images);
  },
  work: async ({ project }, input, images) => setTag(project, input.by, input, images as Uint32Array),
  outcome: tagWords,
});
