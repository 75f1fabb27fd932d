/** The thread of one task's `work`: opens the project with its own connection, runs the work and reports the result. */
import { extname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceProcess } from '../../models/inference-process.ts';
import { Channel } from '../../rpc/channel.ts';
import type { Progress } from '../../rpc/progress.ts';
import { openBeside } from '../project/project.ts';
import type { TaskDefinition } from './task.ts';
import type { WorkCalls, WorkNotices, WorkOrder } from './thread.ts';

const port = parentPort!;
const { kind, folder, mode, input, extra, turn } = workerData as WorkOrder;

/** Waits until this process's other writers let the thread write. */
function takeTurn(): () => void {
  const flag = new Int32Array(turn);
  Atomics.store(flag, 0, 0);
  channel.tell('writing', []);
  Atomics.wait(flag, 0, 0);
  return () => channel.tell('written', []);
}

async function run(): Promise<unknown> {
  const project = openBeside(folder, mode, takeTurn);
  let inference: Promise<InferenceProcess> | undefined;
  try {
    const file = new URL(`./tasks/${kind}${extname(import.meta.url)}`, import.meta.url);
    const { work } = ((await import(file.href)) as { default: TaskDefinition }).default;
    const context = {
      project,
      // The thread ends when the task is stopped.
      signal: new AbortController().signal,
      progress: (report: Progress) => channel.tell('progress', [report]),
      kernels: () => (inference ??= InferenceProcess.start()),
    };
    return await work!(context, input as never, extra);
  } finally {
    project.close();
    await (await inference?.catch(() => null))?.close();
  }
}

const channel = new Channel<WorkNotices, WorkCalls>({
  send: (message, transfer) => port.postMessage(message, transfer),
  handlers: { run },
});
port.on('message', (message) => channel.receive(message));
