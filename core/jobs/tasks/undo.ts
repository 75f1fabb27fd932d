import { undoLast } from '../../review/undo.ts';
import { counted } from '../../../rpc/format.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'undo',
  mode: 'write',
  exclusive: 'none',
  title: ({ by }) => `Taking back the newest act of ${by}`,
  run: ({ inThread }) => inThread(),
  work: async ({ project }, { by }) => undoLast(project, by),
  outcome: ({ applied }) => `${counted(applied, 'decision')} taken back.`,
});
