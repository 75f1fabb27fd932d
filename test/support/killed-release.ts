// Run by a test in a process of its own: writes a release and kills this process on the way.
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { runTask } from '../../rpc/run-task.ts';
import { connectInProcess } from '../../rpc/transport/inproc.ts';

const [project, to, when] = process.argv.slice(2) as [string, string, 'at the proof' | 'before' | 'after'];
const { open, rename } = fs;
const die = (): never => {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('was not killed');
};
fs.open = async (...args: Parameters<typeof open>) => {
  if (when === 'at the proof' && String(args[0]).endsWith('.tlog-proof')) die();
  return open(...args);
};
fs.rename = async (...args: Parameters<typeof rename>) => {
  if (when === 'before') die();
  await rename(...args);
  die();
};
syncBuiltinESMExports();
const { router } = await import('../../core/handlers/index.ts');
const { Workbench } = await import('../../core/handlers/workbench.ts');
const core = connectInProcess(router, { workbench: new Workbench() });
await runTask(core, 'release', { project, by: 'Mara', format: 'csv', to, undecided: 'in' });
