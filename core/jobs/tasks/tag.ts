import { counted } from '../../../rpc/format.ts';
import { tagWords } from '../../../rpc/contract/tags.ts';
import { imagesCalled, setTag } from '../../explore/tags.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'tag',
  mode: 'write',
  exclusive: 'none',
  title: ({ tag, off, images }) =>
    `${off ? 'Taking off' : 'Adding'} the tag “${tag}”: ${counted(images.length, 'image')}`,
  run: ({ inThread }) => inThread(),
  work: async ({ project }, input) =>
    setTag(project, input.by, input, imagesCalled(project.store, input.images)),
  outcome: tagWords,
});
