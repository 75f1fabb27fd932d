import os from 'node:os';
import path from 'node:path';
import type { StartProcess } from '../rpc/child-process.ts';
import { AssayError } from '../rpc/errors.ts';
import { forkProcess } from '../rpc/fork-process.ts';
import { canaryBatch, disagreement, gpuDevices, type UsedDevice } from './devices.ts';
import { HostQueue, type Send } from './host-queue.ts';
import { checkLogisticTask, type LogisticTask } from './kernels/logistic-task.ts';
import { outputWidth } from './manifest.ts';
import { batchImages, type OpenRequest } from './messages.ts';
import type { Device, Kernels, LogisticFit, ModelPack, Neighbours } from './types.ts';

/** Pieces in which data cross to the child: large enough for speed, small enough not to hold up either side. */
const PIECE_BYTES = 4 * 1024 * 1024;
const QUERY_ROWS = 4096;

function invalid(message: string): AssayError {
  return new AssayError('INVALID_INPUT', message);
}

/** The same refusal with its `data.rows` counted from the start of the whole block. */
function shiftRows(thrown: unknown, first: number): unknown {
  if (!(thrown instanceof AssayError) || !Array.isArray(thrown.data['rows'])) return thrown;
  const rows = thrown.data['rows'].map((row: number) => row + first);
  return new AssayError(thrown.code, thrown.message, { rows }, thrown);
}

function openRequest(pack: ModelPack, device: UsedDevice): OpenRequest {
  const { manifest } = pack;
  return {
    file: path.join(pack.folder, manifest.model),
    sha256: manifest.files[manifest.model]!,
    input: manifest.input,
    output: manifest.output,
    width: outputWidth(manifest),
    provider: device,
  };
}

/**
 * A model and the numeric kernels, in a process of their own: ONNX Runtime blocks its event loop, may crash on a
 * hostile model, and can only be stopped by killing it.
 *
 * Calls may overlap; they run one after another. Every call rejects with INFERENCE_FAILED, naming what ran, when the
 * process dies under it. The next call then starts a new process with the same model on the same device; matrices are
 * gone, a kernel that names one rejects with NOT_READY, and whoever put it puts it again. The parent's event loop is
 * kept alive only while a call is under way.
 */
export class InferenceProcess implements Kernels {
  readonly #queue: HostQueue;
  readonly #signal: AbortSignal | null;

  private constructor(queue: HostQueue, signal: AbortSignal | null) {
    this.#queue = queue;
    this.#signal = signal;
  }

  /**
   * Starts the process. `threads` defaults to the cores there are. When `signal` aborts, calls reject with CANCELLED
   * and the process is killed. `startProcess` is how the host starts processes, with Node where it does not say.
   * Rejects with UNSUPPORTED_RUNTIME where ONNX Runtime has no build for this system.
   */
  static async start(
    options: { threads?: number; signal?: AbortSignal; startProcess?: StartProcess } = {},
  ): Promise<InferenceProcess> {
    const threads = options.threads ?? os.availableParallelism();
    if (!Number.isInteger(threads) || threads < 1)
      throw invalid(`The number of threads is ${threads}, not 1 or more.`);
    const started = new InferenceProcess(
      new HostQueue(threads, options.startProcess ?? forkProcess),
      options.signal ?? null,
    );
    await started.#task('Starting the inference process', async () => {});
    return started;
  }

  /**
   * The same process for one task: when `signal` aborts, only calls made through the returned view reject with
   * CANCELLED, and the process is killed only if it is running one of them. Nobody needs to close a view.
   */
  withSignal(signal: AbortSignal): InferenceProcess {
    return new InferenceProcess(this.#queue, this.#signal ? AbortSignal.any([this.#signal, signal]) : signal);
  }

  /** Execution providers that this build of ONNX Runtime offers, `cpu` included; they may still fail to start. */
  get providers(): readonly string[] {
    return this.#queue.providers;
  }

  /** Id of the process, null while there is none. */
  get pid(): number | null {
    return this.#queue.pid;
  }

  #task<T>(what: string, task: (send: Send) => Promise<T>): Promise<T> {
    return this.#queue.exclusive(what, this.#signal, task);
  }

  /**
   * Opens a pack's model in place of the one before. `auto` takes the first GPU provider whose results on a canary
   * batch agree with the CPU's, else the CPU, and `note` says why. A device asked for by name must work and agree:
   * otherwise INVALID_INPUT where this build lacks it, INFERENCE_FAILED where it fails. After a failure no pack is open.
   */
  async loadPack(pack: ModelPack, device: Device): Promise<{ device: UsedDevice; note: string | null }> {
    const { id, version, input } = pack.manifest;
    return this.#task(`Loading ${id} ${version} on ${device}`, async (send) => {
      this.#queue.opened = null;
      const { providers } = this.#queue;
      if (device !== 'auto' && !providers.includes(device)) {
        throw invalid(
          `This system's ONNX Runtime offers ${providers.join(', ')}, not ${device}; choose auto or cpu.`,
        );
      }
      const open = async (used: UsedDevice): Promise<Float32Array> => {
        await send('open', openRequest(pack, used));
        return send('run', canaryBatch(input));
      };
      const expected = await open('cpu');
      const unusable: string[] = [];
      let used: UsedDevice = 'cpu';
      for (const candidate of device === 'auto' ? gpuDevices(providers) : [device]) {
        if (candidate === 'cpu') break;
        try {
          const problem = disagreement(expected, await open(candidate), outputWidth(pack.manifest));
          if (problem) throw new AssayError('INFERENCE_FAILED', problem);
          used = candidate;
          break;
        } catch (thrown) {
          if (device !== 'auto' || this.#signal?.aborted) throw thrown;
          unusable.push(candidate);
        }
      }
      if (used === 'cpu' && unusable.length > 0) await send('open', openRequest(pack, 'cpu'));
      this.#queue.opened = openRequest(pack, used);
      const note =
        unusable.length > 0
          ? `runs on ${used}: ${unusable.join(', ')} did not start or did not agree with the CPU here (ask for one by name to see why)`
          : null;
      return { device: used, note };
    });
  }

  /**
   * n images (HWC RGB bytes of the pack's geometry) -> n x width floats, as the graph gives them: embeddings, or logits
   * or probabilities. On one machine and device an image's row is the same to the bit whatever it is run with.
   * INFERENCE_FAILED with `data.rows` where rows would not be finite; NOT_READY where no pack is open.
   */
  async run(block: Uint8Array, n: number): Promise<Float32Array> {
    return this.#task(`Running the model on ${n} images`, async (send) => {
      const { opened } = this.#queue;
      if (!opened) throw new AssayError('NOT_READY', 'No model is loaded; load a pack first.');
      const { width, input } = opened;
      const imageBytes = input.width * input.height * 3;
      if (block.length !== n * imageBytes) {
        throw invalid(
          `${n} images of ${input.width} x ${input.height} take ${n * imageBytes} bytes, not ${block.length}.`,
        );
      }
      const batch = batchImages(opened.provider);
      const step = batch * Math.max(1, Math.floor(PIECE_BYTES / (batch * imageBytes)));
      const result = new Float32Array(n * width);
      for (let first = 0; first < n; first += step) {
        const count = Math.min(step, n - first);
        const images = block.subarray(first * imageBytes, (first + count) * imageBytes);
        const part = await send('run', { images, n: count }).catch((thrown: unknown) => {
          throw shiftRows(thrown, first);
        });
        result.set(part, first * width);
      }
      return result;
    });
  }

  /** Copies the matrix to the process, replacing one of the same name. INVALID_INPUT where it is not finite. */
  async putMatrix(name: string, data: Float32Array, rows: number, columns: number): Promise<void> {
    if (!Number.isInteger(columns) || columns < 1 || data.length !== rows * columns) {
      throw invalid(`Matrix ${name} has ${data.length} values, not ${rows} x ${columns}.`);
    }
    await this.#task(`Putting matrix ${name} (${rows} x ${columns})`, async (send) => {
      this.#queue.matrices.delete(name);
      const step = Math.max(1, Math.floor(PIECE_BYTES / 4 / columns));
      let firstRow = 0;
      do {
        const piece = data.subarray(firstRow * columns, (firstRow + step) * columns);
        await send('putRows', { name, rows, columns, firstRow, data: piece });
        firstRow += step;
      } while (firstRow < rows);
      this.#queue.matrices.set(name, { rows, columns });
    });
  }

  async dropMatrix(name: string): Promise<void> {
    await this.#task(`Dropping matrix ${name}`, async (send) => {
      this.#queue.matrices.delete(name);
      await send('dropMatrix', { name });
    });
  }

  #matrix(name: string): { rows: number; columns: number } {
    const matrix = this.#queue.matrices.get(name);
    if (!matrix)
      throw new AssayError('NOT_READY', `There is no matrix ${name} in the inference process; put it first.`);
    return matrix;
  }

  async nearest(query: Float32Array, base: string, k: number, exclude?: Int32Array): Promise<Neighbours> {
    if (!Number.isInteger(k) || k < 1) throw invalid(`k is ${k}, not 1 or more.`);
    return this.#task(`Finding the ${k} nearest rows of ${base}`, async (send) => {
      const { columns } = this.#matrix(base);
      const n = query.length / columns;
      if (!Number.isInteger(n))
        throw invalid(`The query has ${query.length} values, no multiple of ${columns}.`);
      if (exclude && exclude.length !== n)
        throw invalid(`exclude has ${exclude.length} entries for ${n} query rows.`);
      const index = new Int32Array(n * k);
      const distance = new Float32Array(n * k);
      for (let first = 0; first < n; first += QUERY_ROWS) {
        const end = Math.min(n, first + QUERY_ROWS);
        const rows = query.subarray(first * columns, end * columns);
        const part = await send('nearest', {
          query: rows,
          base,
          k,
          exclude: exclude?.subarray(first, end) ?? null,
        });
        index.set(part.index, first * k);
        distance.set(part.distance, first * k);
      }
      return { index, distance, k };
    });
  }

  async fitLogistic(task: LogisticTask): Promise<LogisticFit> {
    const { x } = task;
    return this.#task(`Fitting a logistic regression on ${x}`, async (send) => {
      checkLogisticTask(task, this.#matrix(x));
      return send('fitLogistic', task);
    });
  }

  /** Kills the process now. What runs rejects with INFERENCE_FAILED; a later call starts it again. */
  kill(): void {
    this.#queue.kill();
  }

  /** Waits for what is under way, then ends the process. Later calls reject with NOT_READY. */
  close(): Promise<void> {
    return this.#queue.close();
  }
}
