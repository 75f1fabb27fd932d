import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import type { StartProcess, ChildProcessLike } from '../rpc/child-process.ts';
import { Channel } from '../rpc/channel.ts';
import { AssayError } from '../rpc/errors.ts';
import { forkProcess } from '../rpc/fork-process.ts';
import type { DecodeCalls, DecodeNotices } from './decode-messages.ts';
import type { MapOutcome, MapRequest } from './label-map.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import type { DecodeFailure, DecodeLimits, DecodeOutcome, DecodeRequest } from './types.ts';

export interface DecodePoolOptions {
  /** Number of processes; by default one per core. */
  workers?: number;
  /** Images in flight per process, so that one is decoded while another is measured; default 2. */
  perWorker?: number;
  limits?: Partial<DecodeLimits>;
  /** Module that a process runs; default: decode-host.ts beside this file. */
  host?: URL;
  /** How the host starts processes; with Node by default. */
  startProcess?: StartProcess;
}

/** Gives a task to a process, and returns the process's memory after it and what settles the caller. */
type Send = (
  to: Channel<DecodeCalls, DecodeNotices>,
  limits: DecodeLimits,
) => Promise<{ rss: number; settle: () => void }>;

interface Job {
  id: number;
  path: string;
  send: Send;
  /** It was in flight when a process died: next time it runs alone, so that a second death is its own. */
  isSuspect: boolean;
  /** Settles the caller where no process answered. */
  fail: (failure: DecodeFailure) => void;
  reject: (error: AssayError) => void;
}

interface Worker {
  process: DecoderProcess;
  isReady: boolean;
  /** Takes no more work and ends when its last image is done. */
  isRetiring: boolean;
  inFlight: Map<number, { job: Job; timer: NodeJS.Timeout }>;
  /** The image that ran out of time, for which the process was killed. */
  timedOut: Job | null;
}

/** Resident memory beyond which a process is replaced: native heaps fragment and do not shrink. */
const MAX_RSS = 700 * 1024 * 1024;
/** Failed starts in a row after which none is tried again: the fault is then not in any image. */
const MAX_FAILED_STARTS = 3;
/** How long processes may take to end by themselves on close. */
const CLOSE_GRACE_MS = 2000;

/**
 * Decodes images in forked processes, so that no image can crash or block this one. A process that dies or exceeds the
 * time limit costs only the image that caused it: the others in flight run again, one at a time.
 */
export class DecodePool {
  /** How many images it works on at once; further ones wait. */
  readonly capacity: number;
  readonly #workerCount: number;
  readonly #perWorker: number;
  readonly #limits: DecodeLimits;
  readonly #host: URL;
  readonly #startProcess: StartProcess;
  readonly #workers = new Set<Worker>();
  readonly #queue = new Set<Job>();
  readonly #suspects = new Set<Job>();
  #nextId = 1;
  #failedStarts = 0;
  #isClosed = false;
  #allGone: (() => void) | null = null;

  constructor(options: DecodePoolOptions = {}) {
    this.#workerCount = options.workers ?? availableParallelism();
    this.#perWorker = options.perWorker ?? 2;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#host = options.host ?? new URL(`./decode-host${extname(import.meta.url)}`, import.meta.url);
    this.#startProcess = options.startProcess ?? forkProcess;
    this.capacity = this.#workerCount * this.#perWorker;
  }

  /**
   * The outcome for one image; a bad image is an outcome. Rejects with `DISK_FULL` or `INTERNAL` when its thumbnail or
   * copy cannot be written or no decoder can be started, and with `CANCELLED` when the pool is closed.
   */
  decode(request: DecodeRequest): Promise<DecodeOutcome> {
    return this.#add(request.path, async (to, limits) => {
      const { outcome, rss } = await to.call('decode', [request, limits]);
      return { outcome: ownBytes(outcome), rss };
    });
  }

  /** What the pixels of a map of classes or instances stand for; otherwise as `decode`. */
  readMap(request: MapRequest): Promise<MapOutcome> {
    return this.#add(request.path, (to, limits) => to.call('map', [request, limits]));
  }

  #add<T>(
    path: string,
    send: (
      to: Channel<DecodeCalls, DecodeNotices>,
      limits: DecodeLimits,
    ) => Promise<{ outcome: T; rss: number }>,
  ): Promise<T | DecodeFailure> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) {
        reject(new AssayError('CANCELLED', 'the image decoder was closed'));
        return;
      }
      this.#queue.add({
        id: this.#nextId++,
        path,
        isSuspect: false,
        send: async (to, limits) => {
          const { outcome, rss } = await send(to, limits);
          return { rss, settle: () => resolve(outcome) };
        },
        fail: resolve,
        reject,
      });
      this.#pump();
    });
  }

  /** Ends the processes. Images that are not done reject with `CANCELLED`. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const closed = new AssayError('CANCELLED', 'the image decoder was closed');
    this.#refuseWaiting(closed);
    for (const { inFlight } of this.#workers) {
      for (const { job, timer } of inFlight.values()) {
        clearTimeout(timer);
        job.reject(closed);
      }
      inFlight.clear();
    }
    if (this.#workers.size === 0) return;
    const allGone = new Promise<void>((resolve) => (this.#allGone = resolve));
    for (const worker of this.#workers) worker.process.release();
    const timer = setTimeout(() => {
      for (const worker of this.#workers) worker.process.kill();
    }, CLOSE_GRACE_MS);
    await allGone;
    clearTimeout(timer);
  }

  /** Hands waiting images to processes with room, and starts processes while there is work for them. */
  #pump(): void {
    for (const worker of this.#workers) {
      while (this.#hasRoom(worker)) {
        const job = this.#take();
        if (!job) return;
        this.#assign(worker, job);
      }
    }
    if (this.#isClosed || this.#failedStarts >= MAX_FAILED_STARTS) return;
    const starting = [...this.#workers].filter((worker) => !worker.isReady).length;
    const waiting = this.#queue.size + this.#suspects.size;
    const wanted = Math.min(
      this.#workerCount - this.#workers.size,
      Math.ceil(waiting / this.#perWorker) - starting,
    );
    for (let i = 0; i < wanted; i++) this.#start();
  }

  /** While suspects wait, processes run empty and then take one alone. */
  #hasRoom({ isReady, isRetiring, inFlight }: Worker): boolean {
    if (!isReady || isRetiring) return false;
    if (this.#suspects.size > 0) return inFlight.size === 0;
    const [running] = inFlight.values();
    return running === undefined || (inFlight.size < this.#perWorker && !running.job.isSuspect);
  }

  #take(): Job | undefined {
    const from = this.#suspects.size > 0 ? this.#suspects : this.#queue;
    const [job] = from;
    if (job) from.delete(job);
    return job;
  }

  #assign(worker: Worker, job: Job): void {
    const timer = setTimeout(() => {
      worker.timedOut = job;
      worker.process.kill();
    }, this.#limits.timeoutMs);
    worker.inFlight.set(job.id, { job, timer });
    job.send(worker.process.channel, this.#limits).then(
      ({ rss, settle }) => this.#finish(worker, job, settle, rss),
      (error: AssayError) => this.#finish(worker, job, () => job.reject(error), 0),
    );
  }

  #start(): void {
    const worker: Worker = {
      process: new DecoderProcess(this.#host, this.#startProcess, {
        ready: () => {
          worker.isReady = true;
          this.#failedStarts = 0;
          this.#pump();
        },
        gone: (reason) => this.#bury(worker, reason),
      }),
      isReady: false,
      isRetiring: false,
      inFlight: new Map(),
      timedOut: null,
    };
    this.#workers.add(worker);
  }

  /** Settles an image that its process is done with; one that was given up meanwhile is settled already. */
  #finish(worker: Worker, job: Job, settle: () => void, rss: number): void {
    const running = worker.inFlight.get(job.id);
    if (!running) return;
    worker.inFlight.delete(job.id);
    clearTimeout(running.timer);
    settle();
    if (rss > MAX_RSS) worker.isRetiring = true;
    if (worker.isRetiring && worker.inFlight.size === 0) worker.process.release();
    this.#pump();
  }

  /** Settles what was in flight in a process that has gone, and goes on. */
  #bury(worker: Worker, reason: string): void {
    this.#workers.delete(worker);
    const wasAlone = worker.inFlight.size === 1;
    for (const { job, timer } of worker.inFlight.values()) {
      clearTimeout(timer);
      // A time limit that runs out alone is proof; a death may have other causes, so it takes two.
      if (wasAlone && (job.isSuspect || worker.timedOut === job)) {
        job.fail(this.#failure(job, worker, reason));
      } else {
        job.isSuspect = true;
        this.#suspects.add(job);
      }
    }
    if (!worker.isReady) this.#failedStarts += 1;
    if (this.#workers.size === 0 && this.#failedStarts >= MAX_FAILED_STARTS) this.#giveUp(reason);
    if (this.#workers.size === 0) this.#allGone?.();
    this.#pump();
  }

  #failure(job: Job, worker: Worker, reason: string): DecodeFailure {
    const name = JSON.stringify(job.path);
    const base = { ok: false, sha256: null, bytes: null } as const;
    if (worker.timedOut === job) {
      const seconds = this.#limits.timeoutMs / 1000;
      return { ...base, code: 'TIMEOUT', detail: `${name}: decoding took longer than ${seconds} s` };
    }
    return { ...base, code: 'CRASHED_DECODER', detail: `${name}: the decoder process ${reason}` };
  }

  /** Refuses what waits, since nothing can decode it; a later call tries to start processes again. */
  #giveUp(reason: string): void {
    this.#failedStarts = 0;
    const message = `the image decoder cannot be started (${reason}): reinstall the dependencies and run again`;
    this.#refuseWaiting(new AssayError('INTERNAL', message));
  }

  #refuseWaiting(error: AssayError): void {
    for (const job of [...this.#suspects, ...this.#queue]) job.reject(error);
    this.#suspects.clear();
    this.#queue.clear();
  }
}

/** Copies the byte arrays, which are views of the received message and would keep all of it in memory. */
function ownBytes(outcome: DecodeOutcome): DecodeOutcome {
  if (!outcome.ok) return outcome;
  return {
    ...outcome,
    signature: Uint8Array.from(outcome.signature),
    tensor: outcome.tensor && Uint8Array.from(outcome.tensor),
    png: outcome.png && Uint8Array.from(outcome.png),
    crops: outcome.crops.map((crop) => Uint8Array.from(crop)),
  };
}

const STDERR_KEPT = 2000;

interface DecoderEvents extends DecodeNotices {
  /** The process has gone; `reason` is a phrase for people. Called exactly once. */
  gone: (reason: string) => void;
}

/** One decoder process: starts it, talks to it, kills it. Does not know what is in flight. */
class DecoderProcess {
  readonly #child: ChildProcessLike;
  /** What it is asked and answers. Once it has gone nothing settles: the pool does that. */
  readonly channel: Channel<DecodeCalls, DecodeNotices>;
  #stderr = '';
  #isGone = false;

  constructor(host: URL, startProcess: StartProcess, events: DecoderEvents) {
    this.#child = startProcess(
      host,
      [],
      {
        // Pixels come and go: without these two, heap and allocator keep 60 % more memory than is ever used at once.
        env: { MALLOC_ARENA_MAX: '2' },
        execArgv: ['--max-semi-space-size=8'],
      },
      {
        message: (message) => {
          if (!this.#isGone) this.channel.receive(message);
        },
        stderr: (text) => (this.#stderr = (this.#stderr + text).slice(-STDERR_KEPT)),
        gone: (how) => {
          this.#isGone = true;
          events.gone(this.#stderr === '' ? how : `${how}: ${this.#stderr.trim()}`);
        },
      },
    );
    this.channel = new Channel({
      send: (message) => this.#child.send(message),
      handlers: { ready: () => events.ready() },
    });
  }

  kill(): void {
    this.#child.kill();
  }

  /** Lets the process end by itself. */
  release(): void {
    this.#child.release();
  }
}
