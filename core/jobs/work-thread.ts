/** The thread of one task's `work`: opens the project with its own connection, runs the work and reports the result. */
import { extname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceProcess } from '../../models/inference-process.ts';
import { AssayError, errorCode } from '../../rpc/errors.ts';
import type { Progress } from '../../rpc/progress.ts';
import { openBeside } from '../project/project.ts';
import type { TaskDefinition } from './task.ts';
import type { FromWorkThread, WorkOrder } from './thread.ts';

const port = parentPort!;
const { kind, folder, mode, input, extra, turn } = workerData as WorkOrder;
const tell = (message: FromWorkThread): void => port.postMessage(message);

/** Waits until this process's other writers let the thread write. */
function takeTurn(): () => void {
  const flag = new Int32Array(turn);
  Atomics.store(flag, 0, 0);
  tell({ kind: 'writing' });
  Atomics.wait(flag, 0, 0);
  return () => tell({ kind: 'written' });
}

const project = openBeside(folder, mode, takeTurn);
let inference: Promise<InferenceProcess> | undefined;
let answer: FromWorkThread;
try {
  const file = new URL(`./tasks/${kind}${extname(import.meta.url)}`, import.meta.url);
  const { work } = ((await import(file.href)) as { default: TaskDefinition }).default;
  const context = {
    project,
    // The thread ends when the task is stopped.
    signal: new AbortController().signal,
    progress: (report: Progress) => tell({ kind: 'progress', report }),
    kernels: () => (inference ??= InferenceProcess.start()),
  };
  answer = { kind: 'done', result: await work!(context, input as never, extra) };
} catch (error) {
  const data = error instanceof AssayError ? error.data : {};
  answer = { kind: 'failed', code: errorCode(error), message: (error as Error).message, data };
}
project.close();
await (await inference?.catch(() => null))?.close();
tell(answer);
port.close();
