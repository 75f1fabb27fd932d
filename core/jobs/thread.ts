import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { TaskKind } from '../../rpc/contract/jobs.ts';
import { Channel } from '../../rpc/channel.ts';
import { AssayError } from '../../rpc/errors.ts';
import type { Progress, TaskContext } from '../../rpc/progress.ts';
import type { Project, WritableProject } from '../project/project.ts';

/** Source or transpiled, the thread's file lies beside this one. */
const ENTRY = new URL(`./work-thread${extname(import.meta.url)}`, import.meta.url);

/** What a thread is started with. */
export interface WorkOrder {
  kind: TaskKind;
  folder: string;
  mode: 'read' | 'write';
  input: unknown;
  /** What the task's `run` gave `inThread`. */
  extra: unknown;
  /** One Int32: the thread waits on it for its turn to write, and is woken with 1. */
  turn: SharedArrayBuffer;
}

/** What the thread answers. */
export interface WorkCalls {
  /** Does the work that the thread was started with. */
  run: () => Promise<unknown>;
}

/** What the thread tells its owner: its progress, and when it wants to write and has written. */
export interface WorkNotices {
  progress: (report: Progress) => void;
  writing: () => void;
  written: () => void;
}

/**
 * Runs a task's `work` in a thread with a connection of its own, so that the core goes on answering. While the thread
 * writes, this process's other writers wait for it (`WritableStore.turnToWrite`). Aborting the signal ends the thread
 * at once, except while it writes: that act is finished. Either way it is recorded whole, or not at all.
 */
export function workInThread(
  kind: TaskKind,
  project: Project,
  input: unknown,
  extra: unknown,
  { signal, progress }: TaskContext,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const turn = new SharedArrayBuffer(4);
    const order: WorkOrder = {
      kind,
      folder: project.folder,
      mode: project.isWritable() ? 'write' : 'read',
      input,
      extra,
      turn,
    };
    // The parent's own flags (a test runner's loader) are not for the thread.
    const worker = new Worker(ENTRY, { workerData: order, execArgv: [] });
    let release: (() => void) | null = null;
    let hasEnded = false;
    const end = (settle: () => void): void => {
      if (hasEnded) return;
      hasEnded = true;
      signal.removeEventListener('abort', stop);
      void worker.terminate().then(() => {
        release?.();
        settle();
      });
    };
    const giveTurn = async ({ store }: WritableProject): Promise<void> => {
      const endTurn = await store.turnToWrite();
      if (hasEnded) {
        endTurn();
        return;
      }
      release = endTurn;
      const flag = new Int32Array(turn);
      Atomics.store(flag, 0, 1);
      Atomics.notify(flag, 0);
    };
    const fail = (error: unknown): void => end(() => reject(error));
    const stop = (): void => {
      if (!release) fail(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
    const channel = new Channel<WorkCalls, WorkNotices>({
      send: (message, transfer) => worker.postMessage(message, transfer),
      handlers: {
        progress,
        writing: () => {
          if (!project.isWritable()) throw new Error('a thread of a reading task wants to write');
          void giveTurn(project);
        },
        written: () => {
          release?.();
          release = null;
          if (signal.aborted) stop();
        },
      },
    });
    worker.on('message', (message) => channel.receive(message));
    channel.call('run', []).then((result) => end(() => resolve(result)), fail);
    worker.on('error', fail);
    worker.on('exit', (code) =>
      fail(new AssayError('INTERNAL', `The thread of the task ended (exit status ${code}). Try again.`)),
    );
  });
}
