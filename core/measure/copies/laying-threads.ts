import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Channel } from '../../../rpc/channel.ts';
import { AssayError } from '../../../rpc/errors.ts';
import type { Comparison, Laid } from './laying.ts';
import type { Pictures, Small } from './pictures.ts';
import { Recent } from './recent.ts';
import type { Registrable } from './registration.ts';

/** The thread's file is beside this one, as source or transpiled. */
const ENTRY = new URL(`./laying-thread${extname(import.meta.url)}`, import.meta.url);

const THREADS = availableParallelism();
/** Pictures that are kept ready in memory that the threads share, 80 kB each. */
const READY = 2048;

/** Comparisons that are remembered per open project, at most: 1 kB each. */
const MOST_REMEMBERED = 100_000;
const REMEMBERED = new WeakMap<object, Map<string, Comparison | null>>();

/** What a thread answers: pictures made ready in shared memory; `bestOf` and `laidOver` of laying.ts. */
export interface LayingThread {
  prepare(small: Small): Registrable;
  bestOf(id: number, others: number[]): Promise<Comparison | null>;
  laidOver(id: number, others: number[]): Promise<Laid[]>;
}

/** What it asks for. */
export interface LayingOwner {
  picture(id: number): Promise<Registrable | null>;
}

interface Thread {
  worker: Worker;
  channel: Channel<LayingThread, LayingOwner>;
  asked: number;
}

/**
 * Threads that lay pictures over each other, one per CPU core, started at the first call: least squares on pixels must
 * keep nobody else in the process waiting. What they find does not depend on which of them finds it. Calls reject with
 * INTERNAL where a thread ends. Whoever made them closes them.
 */
export class LayingThreads {
  readonly #pictures: Pictures;
  readonly #known: Map<string, Comparison | null>;
  #threads: Thread[] = [];
  /** Every picture asked for could be read. */
  #isComplete = true;

  /**
   * `read` gives the small picture of an image. `project` is what the images belong to: what was laid over each other
   * for it is remembered as long as it is open, since a project is scored again after every few decisions.
   */
  constructor(project: object, read: (id: number) => Promise<Small | null>) {
    // Every thread asks for the images that many candidates are: they are decoded and made ready once.
    this.#pictures = new Recent(async (id) => {
      const small = await read(id);
      this.#isComplete &&= small !== null;
      return small && this.#ask((channel) => channel.call('prepare', [small]));
    }, READY);
    this.#known = REMEMBERED.get(project) ?? new Map();
    REMEMBERED.set(project, this.#known);
  }

  /** Calls that keep every thread busy: some wait for pictures that another thread makes ready. */
  static readonly ahead = 4 * THREADS;

  async bestOf(id: number, others: number[]): Promise<Comparison | null> {
    const key = `${id}: ${others.join(' ')}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = await this.#ask((channel) => channel.call('bestOf', [id, others]));
    // What could not be read today may be there next time.
    if (this.#isComplete && this.#known.size < MOST_REMEMBERED) this.#known.set(key, found);
    return found;
  }

  laidOver(id: number, others: number[]): Promise<Laid[]> {
    return this.#ask((channel) => channel.call('laidOver', [id, others]));
  }

  async close(): Promise<void> {
    const threads = this.#threads;
    this.#threads = [];
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }

  async #ask<T>(call: (channel: Thread['channel']) => Promise<T>): Promise<T> {
    if (this.#threads.length === 0) this.#threads = Array.from({ length: THREADS }, () => this.#start());
    const thread = this.#threads.reduce((idlest, each) => (each.asked < idlest.asked ? each : idlest));
    thread.asked++;
    try {
      return await call(thread.channel);
    } finally {
      thread.asked--;
    }
  }

  #start(): Thread {
    // The parent's own flags (a test runner's loader) are not for the thread.
    const worker = new Worker(ENTRY, { execArgv: [] });
    const channel = new Channel<LayingThread, LayingOwner>({
      send: (message, transfer) => worker.postMessage(message, transfer),
      handlers: { picture: (id) => this.#pictures.get(id) },
    });
    const gone = (how: string): void =>
      channel.fail(new AssayError('INTERNAL', `A thread that looks for copies ended (${how}). Score again.`));
    worker.on('message', (message) => channel.receive(message));
    worker.on('error', (error) => gone(error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => gone(`exit status ${code}`));
    return { worker, channel, asked: 0 };
  }
}
