import { watchReport } from '../../strategy/watch/watch-report.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'watch',
  mode: 'keep',
  exclusive: 'none',
  isMeasurement: true,
  title: () => 'Measuring every synthetic batch',
  run: ({ inThread }) => inThread(),
  work: ({ project, ...task }, { seed }) => watchReport(project, seed, task),
  outcome: ({ standing }) => standing.sentence,
});
