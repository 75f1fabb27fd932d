import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { InferenceProcess } from '../../../models/inference-process.ts';
import type { LayoutSummary } from '../../../rpc/contract/maps.ts';
import { Channel } from '../../../rpc/channel.ts';
import { AssayError } from '../../../rpc/errors.ts';
import type { Progress, TaskContext } from '../../../rpc/progress.ts';
import type { Project } from '../../project/project.ts';
import { mapsFolder, removeStale, type LayoutKind } from './map-files.ts';
import { modelOf } from './info.ts';

/** The thread's file is beside this one, as source or transpiled. */
const ENTRY = new URL(`./layout-thread${extname(import.meta.url)}`, import.meta.url);
const BASE = 'map';

export interface LayoutOrder {
  /** The project's folder. */
  folder: string;
  layout: LayoutKind;
  model: string;
  seed: number;
}

/** What the thread answers. */
export interface LayoutThread {
  /** Gives the number of points. */
  compute(order: LayoutOrder): Promise<number>;
}

/** What the thread asks for: progress to be shown, and searches of the inference process. */
export interface LayoutHost {
  progress(report: Progress): void;
  /** The rows among which `nearest` searches. */
  base(data: Float32Array, dimensions: number): void;
  nearest(
    query: Float32Array,
    k: number,
    exclude: Int32Array | null,
  ): Promise<{ index: Int32Array; distance: Float32Array }>;
}

/**
 * Computes a map of the embeddings (of the newest run's model) and puts it into the project's `maps/`. Runs
 * in its own thread and, for the neighbours, its own inference process, so that nothing else waits or is cancelled
 * with it; a layout that is stopped or killed leaves the old file. Throws `NOT_READY` if nothing is embedded.
 */
export async function computeLayout(
  project: Project,
  layout: LayoutKind,
  seed: number,
  task: TaskContext,
): Promise<LayoutSummary> {
  const startedMs = performance.now();
  const model = modelOf(project.store);
  if (model === null)
    throw new AssayError('NOT_READY', 'There is nothing to draw a map of yet: import some images first.');
  removeStale(mapsFolder(project.folder));
  const order: LayoutOrder = { folder: project.folder, layout, model, seed };
  const started: Promise<InferenceProcess>[] = [];
  const kernels = (): Promise<InferenceProcess> => {
    if (started.length === 0) started.push(InferenceProcess.start({ signal: task.signal }));
    return started[0]!;
  };
  try {
    const points = await inThread(order, task, kernels);
    return { layout, points, durationMs: performance.now() - startedMs };
  } finally {
    for (const inference of started) await (await inference.catch(() => null))?.close();
  }
}

function inThread(
  order: LayoutOrder,
  { signal, progress }: TaskContext,
  kernels: () => Promise<InferenceProcess>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    // The parent's own flags (a test runner's loader) are not for the thread.
    const worker = new Worker(ENTRY, { execArgv: [] });
    let prepared: Promise<void> = Promise.resolve();
    let ended = false;
    const end = (settle: () => void): void => {
      if (ended) return;
      ended = true;
      signal.removeEventListener('abort', stop);
      void worker.terminate().then(settle);
    };
    const fail = (error: unknown): void => end(() => reject(error));
    const stop = (): void => fail(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    const channel = new Channel<LayoutThread, LayoutHost>({
      send: (message, transfer) => worker.postMessage(message, transfer),
      handlers: {
        progress,
        base(data, dimensions) {
          prepared = kernels().then((found) =>
            found.putMatrix(BASE, data, data.length / dimensions, dimensions),
          );
          prepared.catch(fail);
        },
        async nearest(query, k, exclude) {
          await prepared;
          return (await kernels()).nearest(query, BASE, k, exclude ?? undefined);
        },
      },
    });
    worker.on('message', (message) => channel.receive(message));
    worker.on('error', fail);
    worker.on('exit', (code) =>
      fail(
        new AssayError('INTERNAL', `The thread that draws the map ended (exit status ${code}). Try again.`),
      ),
    );
    channel.call('compute', [order]).then((points) => end(() => resolve(points)), fail);
  });
}
