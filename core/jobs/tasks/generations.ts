import { generationsReport } from '../../fidelity/generations-report.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'generations',
  mode: 'keep',
  exclusive: 'none',
  isMeasurement: true,
  title: () => 'Measuring every synthetic batch',
  run: ({ inThread }) => inThread(),
  work: ({ project, ...task }, { seed }) => generationsReport(project, seed, task),
  outcome: ({ points }) => `${points.length} of the synthetic batches measured.`,
});
