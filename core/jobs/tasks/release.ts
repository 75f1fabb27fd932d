import { basename, resolve } from 'node:path';
import { exportRelease } from '../../release/releases.ts';
import { counted } from '../../../rpc/format.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'release',
  mode: 'write',
  exclusive: 'project',
  title: ({ to }) => `Exporting to ${basename(resolve(to))}`,
  run: ({ project, host, ...task }, { by, ...options }) =>
    exportRelease(project, { ...options, actor: by }, host.pool, task),
  outcome: ({ images, folder, manifestSha256 }) =>
    `${counted(images, 'image')} in ${folder}, manifest ${manifestSha256}.`,
});
