import { counted } from '../../../rpc/format.ts';
import { writeDossier } from '../../overview/dossier.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'dossier',
  mode: 'read',
  exclusive: 'none',
  title: () => 'Writing the dossier',
  run: ({ inThread }) => inThread(),
  work: ({ project, ...task }, { to }) => writeDossier(project, to, task),
  outcome: ({ file, events }) => `${file} tells of ${counted(events, 'event')}.`,
});
