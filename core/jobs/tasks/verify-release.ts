import { basename } from 'node:path';
import { verifyRelease } from '../../release/verify-release.ts';
import { counted } from '../../../rpc/format.ts';
import { defineTask } from '../task.ts';

export default defineTask({
  kind: 'verify-release',
  mode: 'none',
  exclusive: 'none',
  title: ({ release }) => `Verifying the release ${basename(release)}`,
  run: (task, { release, key }) => verifyRelease(release, key, task),
  outcome: ({ ok, files, problems }) =>
    ok ? `${counted(files, 'file')} as written.` : `Not as written: ${problems[0]}.`,
  isSound: ({ ok }) => ok,
});
