import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { AssayError } from '../../rpc/errors.ts';
import type { Engine } from './engine.ts';
import type { Answer, Ask, EngineCall, Reply } from './messages.ts';

/** Source or transpiled, the thread's file lies beside this one. */
const ENTRY = new URL(`./engine-thread${extname(import.meta.url)}`, import.meta.url);

interface Waiting {
  resolve: (value: never) => void;
  reject: (error: AssayError) => void;
}

/**
 * Filters, sorts and reads one project's images in a thread of its own with a reading connection of its own, so that a
 * decision never waits for a search. What changed since the last question, by whichever process, is taken in first.
 * A thread that died is started again by the next call; its views are gone (`NOT_FOUND`: ask again).
 */
export class Explorer {
  readonly #folder: string;
  #worker: Worker | null = null;
  #lastId = 0;
  readonly #waiting = new Map<number, Waiting>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Asks the engine. Keeps the process alive only until the answer is there. */
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
