/** A decoder process that misbehaves by the name of the file, logs who got each task, and otherwise is the real one. */
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import type { DecodeRequest } from '../types.ts';

process.on('message', ({ args: [request] }: { args: [DecodeRequest] }) => {
  appendFileSync(path.join(request.root, 'tasks.log'), `${process.pid}\n`);
  if (request.path.includes('crash')) process.kill(process.pid, 'SIGSEGV');
  if (request.path.includes('exit')) process.exit(3);
  if (request.path.includes('bloat')) process.memoryUsage.rss = () => 2 ** 30;
  if (request.path.includes('hang')) for (;;);
});
await import('../decode-host.ts');
