import { recordExperiment } from '../../strategy/experiment/experiments.ts';
import { judgePredictions } from '../../strategy/experiment/predictions.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'experiment-add',
  mode: 'write',
  exclusive: 'kind',
  title: ({ name }) => `Judging the predictions of ${name}`,
  run: ({ inThread }) => inThread(),
  async work({ project, ...task }, input) {
    const { results, sha256 } = await judgePredictions(project, input, task);
    return recordExperiment(project, input.by, results, { name: input.name, sha256 });
  },
  outcome: ({ verdict }) => verdict[0] ?? 'Judged.',
});
