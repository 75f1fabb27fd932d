import { recordExperiment, runExperiment } from '../../strategy/experiment/experiments.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'experiment',
  mode: 'write',
  exclusive: 'kind',
  title: () => 'Measuring ratios of real to synthetic images',
  run: ({ inThread }) => inThread(),
  work: async ({ project, kernels, ...task }, options) =>
    recordExperiment(project, options.by, await runExperiment(project, options, task, kernels), null),
  outcome: ({ verdict }) => verdict[0] ?? 'Measured.',
});
