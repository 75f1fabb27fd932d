import { counted, percent } from '../../../rpc/format.ts';
import { checkBatches } from '../../strategy/mix/check-batches.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'check-batches',
  mode: 'none',
  exclusive: 'none',
  title: ({ logs }) => `Checking the batches of ${counted(logs.length, 'log')}`,
  run: (task, { logs, mix }) => checkBatches(logs, mix, task),
  outcome: ({ ok, batches, leastShare, problems }) =>
    ok
      ? `${counted(batches, 'batch', 'batches')} kept to the policy, none below ${percent(leastShare)} real.`
      : `Not as the policy asks: ${problems[0]}.`,
  isSound: ({ ok }) => ok,
});
