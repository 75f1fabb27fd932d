import { tagWords } from '../../../rpc/contract/tags.ts';
import { undoTag } from '../../explore/tags.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'undo-tag',
  mode: 'write',
  exclusive: 'none',
  title: ({ seq }) => `Taking back the tagging of event ${seq}`,
  run: ({ inThread }) => inThread(),
  work: async ({ project }, { by, seq }) => undoTag(project, by, seq),
  outcome: tagWords,
});
