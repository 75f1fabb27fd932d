// Run by a test in a process of its own: reads a project as somebody who may not write it, and prints what came of it.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { router } from '../../core/handlers/index.ts';
import { Workbench } from '../../core/handlers/workbench.ts';
import { errorCode } from '../../rpc/errors.ts';
import { runTask } from '../../rpc/run-task.ts';
import { connectInProcess } from '../../rpc/transport/inproc.ts';

const project = process.argv[2]!;
// The administrator may write anything, so the visit is made as nobody.
if (process.getuid?.() === 0) process.setuid!(65534);
process.env['ASSAY_CONFIG'] = mkdtempSync(join(tmpdir(), 'assay-config-'));
const workbench = new Workbench();
const core = connectInProcess(router, { workbench });
const status = await core.projects.status({ project });
const { writable, readOnly } = await core.projects.open({ project });
const { view, total } = await core.images.query({ project, filter: {} });
const rows = await core.images.rows({ project, view, offset: 0, limit: 3 });
const verified = await runTask(core, 'verify', { project, originals: false });
const refused = await runTask(core, 'queue', { project, by: 'ada', budget: { share: 0.1 } }).catch(
  (error: unknown) => ({
    code: errorCode(error),
    message: (error as Error).message,
  }),
);
process.stdout.write(
  JSON.stringify({
    images: status.counts.images,
    writable,
    readOnly,
    total,
    rows: rows.length,
    ok: verified.ok,
    refused,
  }),
);
await workbench.shutDown();
