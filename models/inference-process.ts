import os from 'node:os';
import path from 'node:path';
import type { StartProcess } from '../rpc/child-process.ts';
import { AssayError } from '../rpc/errors.ts';
import { forkProcess } from '../rpc/fork-process.ts';
import { canaryBatch, disagreement, gpuDevices, type UsedDevice } from './devices.ts';
import { HostQueue, type ModelLimits } from './host-queue.ts';
import { invalid, KernelProcess, PIECE_BYTES } from './kernel-process.ts';
import { outputWidth } from './manifest.ts';
import { batchImages, type OpenRequest, type TextRequest } from './messages.ts';
import { patchBytes } from './patches.ts';
import type { Device, ModelPack, TextVectors } from './types.ts';

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
    patches: (manifest.kind === 'embedder' && manifest.patches) || null,
    provider: device,
  };
}

function textRequest({ folder, manifest }: ModelPack): TextRequest {
  const tower = manifest.kind === 'embedder' ? manifest.text : undefined;
  if (!tower)
    throw invalid(
      `${manifest.id} ${manifest.version} has no text tower; choose a pack with one, or leave the prompts out.`,
    );
  const fileOf = (name: string) => ({ file: path.join(folder, name), sha256: manifest.files[name]! });
  return {
    tower,
    graph: fileOf(tower.model),
    tokenizer: fileOf(tower.tokenizer),
    width: outputWidth(manifest),
  };
}

/**
 * A model and the numeric kernels, in a process of their own: ONNX Runtime blocks its event loop, may crash on a
 * hostile model, and can only be stopped by killing it.
 *
 * Calls may overlap; they run one after another. Every call rejects with INFERENCE_FAILED, naming what ran, when the
 * process dies under it. The next call then starts a new process with the same model on the same device; matrices are
 * gone, a kernel that names one rejects with NOT_READY, and its owner must put it again. The parent's event loop is
 * kept alive only while a call is under way.
 */
export class InferenceProcess extends KernelProcess {
  /**
   * Starts the process. `threads` defaults to the cores there are. When `signal` aborts, calls reject with CANCELLED
   * and the process is killed. `startProcess` is how the host starts processes, with Node by default; `limits` how long
   * a model may take: one that takes longer is stopped, and the call rejects with INFERENCE_FAILED.
   * Rejects with UNSUPPORTED_RUNTIME where ONNX Runtime has no build for this system.
   */
  static async start(
    options: {
      threads?: number;
      signal?: AbortSignal;
      startProcess?: StartProcess;
      limits?: ModelLimits;
    } = {},
  ): Promise<InferenceProcess> {
    const threads = options.threads ?? os.availableParallelism();
    if (!Number.isInteger(threads) || threads < 1)
      throw invalid(`The number of threads is ${threads}, not 1 or more.`);
    const started = new InferenceProcess(
      new HostQueue(threads, options.startProcess ?? forkProcess, options.limits),
      options.signal ?? null,
    );
    await started.task('Starting the inference process', async () => {});
    return started;
  }

  /**
   * The same process for one task: when `signal` aborts, only calls made through the returned view reject with
   * CANCELLED, and the process is killed only if it is running one of them. Nobody needs to close a view.
   */
  withSignal(signal: AbortSignal): InferenceProcess {
    return new InferenceProcess(this.queue, this.signal ? AbortSignal.any([this.signal, signal]) : signal);
  }

  /** Execution providers that this build of ONNX Runtime offers, `cpu` included; they may still fail to start. */
  get providers(): readonly string[] {
    return this.queue.providers;
  }

  /**
   * Fingerprints of packs whose image model was checked (`checkImageModel`) in this process, whose answer would be the
   * same again.
   */
  get checked(): Set<string> {
    return this.queue.checked;
  }

  /** Id of the process, null while there is none. */
  get pid(): number | null {
    return this.queue.pid;
  }

  /**
   * Opens a pack's model in place of the one before. `auto` takes the first GPU provider whose results on a canary
   * batch agree with the CPU's, else the CPU; `note` names those that ran and did not agree, since one that does not
   * start is what a machine without that GPU has (`tryDevices` says why). A device asked for by name must work and agree:
   * otherwise INVALID_INPUT where this build lacks it, INFERENCE_FAILED where it fails. After a failure no pack is
   * open. A pack that is loaded on that device already is not loaded again.
   */
  async loadPack(pack: ModelPack, device: Device): Promise<{ device: UsedDevice; note: string | null }> {
    const { id, version, input } = pack.manifest;
    return this.task(`Loading ${id} ${version} on ${device}`, async (send) => {
      const { loaded, providers } = this.queue;
      const onCpu = JSON.stringify(openRequest(pack, 'cpu'));
      const known = loaded?.onCpu === onCpu ? loaded : null;
      if (known?.asked === device) return known.answer;
      this.queue.opened = null;
      this.queue.loaded = null;
      if (device !== 'auto' && !providers.includes(device)) {
        throw invalid(
          `This system's ONNX Runtime offers ${providers.join(', ')}, not ${device}; choose auto or cpu.`,
        );
      }
      const open = async (used: UsedDevice): Promise<Float32Array> => {
        await send('open', openRequest(pack, used));
        return (await send('run', { ...canaryBatch(input), withPatches: false })).vectors;
      };
      const expected = known?.canary ?? (await open('cpu'));
      const wrong: string[] = [];
      let isOnCpu = (known?.answer.device ?? 'cpu') === 'cpu';
      let used: UsedDevice = 'cpu';
      for (const candidate of device === 'auto' ? gpuDevices(providers) : [device]) {
        if (candidate === 'cpu') break;
        try {
          const problem = disagreement(expected, await open(candidate), outputWidth(pack.manifest));
          if (problem) {
            wrong.push(`${candidate} runs, but ${problem}`);
            throw new AssayError('INFERENCE_FAILED', problem);
          }
          used = candidate;
          break;
        } catch (thrown) {
          if (device !== 'auto' || this.signal?.aborted) throw thrown;
          isOnCpu = false;
        }
      }
      if (used === 'cpu' && !isOnCpu) await send('open', openRequest(pack, 'cpu'));
      this.queue.opened = openRequest(pack, used);
      const note = wrong.length > 0 ? `the model runs on ${used}: ${wrong.join('; ')}` : null;
      const answer = { device: used, note };
      this.queue.loaded = { onCpu, asked: device, answer, canary: expected };
      return answer;
    });
  }

  /**
   * Tokens and vectors of texts by a pack's own text tower, on the CPU, so that they are the same wherever the images
   * ran. INVALID_INPUT where the pack has no text tower; MODEL_REFUSED where its tokenizer is none or a file changed
   * since it was checked; INFERENCE_FAILED where the tower does not run or its output is not finite.
   */
  async embedTexts(pack: ModelPack, texts: string[]): Promise<TextVectors> {
    return this.task(`Running the text tower on ${texts.length} texts`, (send) =>
      send('embedTexts', { ...textRequest(pack), texts }),
    );
  }

  /**
   * n images (HWC RGB bytes of the pack's geometry) -> n x width floats, as the graph gives them: embeddings, or logits
   * or probabilities. On one machine and device an image's row is the same to the bit whatever it is run with.
   * INFERENCE_FAILED with `data.rows` where rows would not be finite; NOT_READY where no pack is open.
   */
  async run(block: Uint8Array, n: number): Promise<Float32Array> {
    return (await this.#run(block, n, false)).vectors;
  }

  /**
   * As `run`, with the patches of the same pass (models/patches.ts), one image after the other; null where the pack has
   * none.
   */
  async runWithPatches(
    block: Uint8Array,
    n: number,
  ): Promise<{ vectors: Float32Array; patches: Uint8Array | null }> {
    return this.#run(block, n, true);
  }

  async #run(
    block: Uint8Array,
    n: number,
    withPatches: boolean,
  ): Promise<{ vectors: Float32Array; patches: Uint8Array | null }> {
    return this.task(`Running the model on ${n} images`, async (send) => {
      const { opened } = this.queue;
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
      const vectors = new Float32Array(n * width);
      const grid = withPatches ? opened.patches : null;
      const patches = grid && new Uint8Array(n * patchBytes(grid));
      for (let first = 0; first < n; first += step) {
        const count = Math.min(step, n - first);
        const images = block.subarray(first * imageBytes, (first + count) * imageBytes);
        const part = await send('run', { images, n: count, withPatches }).catch((thrown: unknown) => {
          throw shiftRows(thrown, first);
        });
        vectors.set(part.vectors, first * width);
        if (patches && part.patches) patches.set(part.patches, first * patchBytes(grid));
      }
      return { vectors, patches };
    });
  }

  /** Kills the process now. What runs rejects with INFERENCE_FAILED; a later call starts it again. */
  kill(): void {
    this.queue.kill();
  }

  /** Waits for what is under way, then ends the process. Later calls reject with NOT_READY. */
  close(): Promise<void> {
    return this.queue.close();
  }
}
