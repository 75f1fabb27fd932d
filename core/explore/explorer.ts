import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AssayError } from '../../rpc/errors.ts';
import type { Engine } from './engine.ts';
import type { Answer, Ask, EngineCall, Reply } from './messages.ts';

/** The thread's file is beside this one, as source or transpiled. */
const ENTRY = new URL(`./engine-thread${extname(import.meta.url)}`, import.meta.url);

interface Waiting {
  resolve: (value: never) => void;
  reject: (error: AssayError) => void;
}

/**
 * Filters, sorts and reads one project's images in its own thread with its own read-only connection, so that a
 * decision never waits for a search. Every question first applies what changed since the last one, in any process.
 * The next call restarts a thread that died; its views are gone (`NOT_FOUND`: ask again).
 */
export class Explorer {
  readonly #folder: string;
  #worker: Worker | null = null;
  #lastId = 0;
  readonly #waiting = new Map<number, Waiting>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Asks the engine. Keeps the process alive until the answer arrives. */
  call<C extends EngineCall>(call: C, ...args: Parameters<Engine[C]>): Promise<Answer<C>> {
    const worker = (this.#worker ??= this.#start());
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      if (this.#waiting.size === 0) worker.ref();
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, call, args } satisfies Ask);
    });
  }

  /** Ends the thread. Calls under way reject with `CANCELLED`. */
  close(): void {
    const worker = this.#worker;
    this.#worker = null;
    this.#fail(new AssayError('CANCELLED', `${this.#folder} was closed.`));
    worker?.postMessage(null);
  }

  #start(): Worker {
    // The parent's own flags (a test runner's loader) are not for the thread.
    const worker = new Worker(ENTRY, { workerData: this.#folder, execArgv: [] });
    worker.unref();
    worker.on('message', (reply: Reply) => {
      const waiting = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if (this.#waiting.size === 0) worker.unref();
      if ('value' in reply) waiting?.resolve(reply.value as never);
      else waiting?.reject(new AssayError(reply.error.code, reply.error.message, reply.error.data));
    });
    const ended = (why: string): void => {
      if (this.#worker !== worker) return;
      this.#worker = null;
      this.#fail(new AssayError('INTERNAL', `The search in ${this.#folder} stopped (${why}). Try again.`));
    };
    worker.on('error', (error) => ended((error as Error).message));
    worker.on('exit', (code) => ended(`exit status ${code}`));
    return worker;
  }

  #fail(error: AssayError): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
