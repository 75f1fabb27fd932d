import { basename, resolve } from 'node:path';
import { counted, percent } from '../../../rpc/format.ts';
import { writeMix } from '../../strategy/mix/write-mix.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'mix',
  mode: 'write',
  exclusive: 'project',
  title: ({ to }) => `Mixing for training to ${basename(resolve(to))}`,
  run: ({ project, host, ...task }, input) => writeMix(project, input, host.pool, task),
  outcome: ({ images, real, folder, manifestSha256 }) =>
    `${counted(images, 'image')}, ${percent(real / images)} real, in ${folder}, manifest ${manifestSha256}.`,
});
