import { basename, resolve } from 'node:path';
import { counted } from '../../../rpc/format.ts';
import { exportExperiment } from '../../strategy/experiment/export.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'experiment-export',
  mode: 'write',
  exclusive: 'project',
  title: ({ to }) => `Writing training sets to ${basename(resolve(to))}`,
  run: ({ project, host, ...task }, input) => exportExperiment(project, input, host.pool, task),
  outcome: ({ sets, images, folder, manifestSha256 }) =>
    `${counted(sets, 'training set')} of ${counted(images, 'image')} in ${folder}, manifest ${manifestSha256}.`,
});
