import type { StartProcess } from '../rpc/child-process.ts';
import { AssayError } from '../rpc/errors.ts';
import { HostChild } from './host-child.ts';
import type { UsedDevice } from './devices.ts';
import type { HostCall, HostCalls, OpenRequest } from './messages.ts';
import type { Device } from './types.ts';

export type Send = <C extends HostCall>(call: C, ask: HostCalls[C]['ask']) => Promise<HostCalls[C]['answer']>;

/** What a call of a pack's own model may take, by how many images or texts it is of: many times what a slow core needs. */
export interface ModelLimits {
  openMs: number;
  runMs: number;
  eachMs: number;
}

/** A pack that was loaded. */
interface LoadedPack {
  /** How its model is opened on the CPU, as text. */
  onCpu: string;
  asked: Device;
  answer: { device: UsedDevice; note: string | null };
  /** What it gives for the canary batch on the CPU. */
  canary: Float32Array;
}

const LIMITS: ModelLimits = { openMs: 300_000, runMs: 60_000, eachMs: 10_000 };

function cancelled(what: string): AssayError {
  return new AssayError('CANCELLED', `${what} was cancelled.`);
}

/** Settles like `promise`, but rejects with CANCELLED as soon as `signal` aborts. */
function orCancelled<T>(promise: Promise<T>, signal: AbortSignal | null, what: string): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(cancelled(what));
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/**
 * Runs tasks on the inference process one after another, and starts the process again after it died or was killed:
 * at the next task, with the last opened model, and without any matrix.
 */
export class HostQueue {
  readonly #threads: number;
  readonly #startProcess: StartProcess;
  #child: HostChild | null = null;
  #tail: Promise<unknown> = Promise.resolve();
  #closed = false;
  /** Execution providers of this build. */
  providers: readonly string[] = [];
  /** What is opened again after a restart. */
  opened: OpenRequest | null = null;
  /** How the opened pack was loaded, so that it need not be loaded again. */
  loaded: LoadedPack | null = null;
  /** Fingerprints of packs whose image model has shown here that it is what its pack says. */
  readonly checked = new Set<string>();
  /** What was put since the last start. */
  readonly matrices = new Map<string, { rows: number; columns: number }>();

  readonly #limits: ModelLimits;

  constructor(threads: number, startProcess: StartProcess, limits: ModelLimits = LIMITS) {
    this.#limits = limits;
    this.#threads = threads;
    this.#startProcess = startProcess;
  }

  get pid(): number | null {
    return this.#child?.alive ? this.#child.pid : null;
  }

  /**
   * Runs `task` when all earlier ones have ended. Rejects with CANCELLED at once when `signal` aborts; the process is
   * killed if the task was running, so nothing keeps computing. `what` names the task in errors.
   */
  exclusive<T>(what: string, signal: AbortSignal | null, task: (send: Send) => Promise<T>): Promise<T> {
    const turn = this.#tail.then(() => this.#perform(what, signal, task));
    this.#tail = turn.catch(() => {});
    return orCancelled(turn, signal, what);
  }

  async #perform<T>(what: string, signal: AbortSignal | null, task: (send: Send) => Promise<T>): Promise<T> {
    if (this.#closed) throw new AssayError('NOT_READY', `${what} failed: the inference process is closed.`);
    const check = (): void => {
      if (signal?.aborted) throw cancelled(what);
    };
    const onAbort = (): void => this.#child?.kill(cancelled(what));
    check();
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      await this.#live();
      return await task(async (call, ask) => {
        const child = await this.#live();
        check();
        return this.#inTime(child, call, ask);
      });
    } catch (thrown) {
      if (!(thrown instanceof AssayError) || thrown.code !== 'INFERENCE_FAILED') throw thrown;
      throw new AssayError('INFERENCE_FAILED', `${what} failed: ${thrown.message}`, thrown.data, thrown);
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  /** Asks, and kills the process where a model takes so long that it may never end. */
  async #inTime<C extends HostCall>(
    child: HostChild,
    call: C,
    ask: HostCalls[C]['ask'],
  ): Promise<HostCalls[C]['answer']> {
    const limit = this.#limitOf(call, ask);
    if (limit === null) return child.ask(call, ask);
    const why = `the model was stopped after ${limit / 1000} s: it is too slow for this machine, or never ends`;
    const timer = setTimeout(() => child.kill(new AssayError('INFERENCE_FAILED', `${why}.`)), limit);
    try {
      return await child.ask(call, ask);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Milliseconds that a call may take; null for those of our own kernels. */
  #limitOf(call: HostCall, ask: HostCalls[HostCall]['ask']): number | null {
    const { openMs, runMs, eachMs } = this.#limits;
    if (call === 'open') return openMs;
    if (call === 'run') return runMs + eachMs * (ask as HostCalls['run']['ask']).n;
    return call === 'embedTexts'
      ? runMs + eachMs * (ask as HostCalls['embedTexts']['ask']).texts.length
      : null;
  }

  async #live(): Promise<HostChild> {
    if (this.#child?.alive) return this.#child;
    this.matrices.clear();
    const { child, providers } = await HostChild.start(this.#threads, this.#startProcess);
    this.#child = child;
    this.providers = providers;
    if (!this.opened) return child;
    try {
      await this.#inTime(child, 'open', this.opened);
    } catch (thrown) {
      // A process without its model must not pass for one that has it, so the next call starts over.
      this.kill();
      throw thrown;
    }
    return child;
  }

  kill(): void {
    this.#child?.kill(new AssayError('INFERENCE_FAILED', 'The inference process was killed.'));
  }

  /** Waits for the tasks in the queue, then for the process to end. Later tasks reject with NOT_READY. */
  async close(): Promise<void> {
    await this.#tail;
    this.#closed = true;
    await this.#child?.close();
  }
}
