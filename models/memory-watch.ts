/** Ends the inference process where a model takes too much memory: what it is given cannot be bounded beforehand. */
import { totalmem } from 'node:os';
import { Worker } from 'node:worker_threads';

const GIB = 1024 ** 3;
/** Beyond what the process had when the model was asked. No model of images that runs on such machines needs it. */
const MOST_BYTES = Math.min(16 * GIB, 0.6 * totalmem());

/** What the process says on standard error before it ends for it. */
export const MEMORY_TAKEN = /The model was stopped: it took over [\d.]+ GiB of memory\./;

// A thread of its own, since ONNX Runtime blocks the one that asked it.
const WATCH = `
const { workerData: { ceiling, says } } = require('node:worker_threads');
setInterval(() => {
  const rss = process.memoryUsage.rss();
  // Read once: the work may end, and lift the ceiling, in between.
  const most = ceiling[0];
  if (most === 0 || rss < most) return;
  require('node:fs').writeSync(2, says + '\\n');
  process.kill(process.pid, 'SIGKILL');
}, 100);
`;

/** Watches the memory of this process while a model works. */
export function watchMemory(most = MOST_BYTES): { during: <T>(work: () => Promise<T>) => Promise<T> } {
  const ceiling = new Float64Array(new SharedArrayBuffer(8));
  const says = `The model was stopped: it took over ${(most / GIB).toPrecision(2)} GiB of memory.`;
  new Worker(WATCH, { eval: true, execArgv: [], workerData: { ceiling, says } }).unref();
  return {
    async during(work) {
      ceiling[0] = process.memoryUsage.rss() + most;
      try {
        return await work();
      } finally {
        ceiling[0] = 0;
      }
    },
  };
}
