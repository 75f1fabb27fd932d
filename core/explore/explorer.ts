import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Channel, type Answer, type Args } from '../../rpc/channel.ts';
import { AssayError } from '../../rpc/errors.ts';
import type { Engine } from './engine.ts';

/** The thread's file is beside this one, as source or transpiled. */
const ENTRY = new URL(`./engine-thread${extname(import.meta.url)}`, import.meta.url);

/** The calls that the thread answers: the engine's methods. */
type EngineCall = Exclude<keyof Engine, 'close'>;
export type EngineCalls = Pick<Engine, EngineCall>;

interface Thread {
  worker: Worker;
  channel: Channel<EngineCalls>;
}

/**
 * Filters, sorts and reads one project's images in its own thread with its own read-only connection, so that a
 * decision never waits for a search. Every question first applies what changed since the last one, in any process.
 * The next call restarts a thread that died; its views are gone (`NOT_FOUND`: ask again).
 */
export class Explorer {
  readonly #folder: string;
  #thread: Thread | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Asks the engine. Keeps the process alive until the answer arrives. */
  call<C extends EngineCall>(call: C, ...args: Args<EngineCalls, C>): Promise<Answer<EngineCalls, C>> {
    this.#thread ??= this.#start();
    return this.#thread.channel.call(call, args);
  }

  /** Ends the thread. Calls under way reject with `CANCELLED`. */
  close(): void {
    const thread = this.#thread;
    this.#thread = null;
    thread?.channel.fail(new AssayError('CANCELLED', `${this.#folder} was closed.`));
    thread?.worker.postMessage(null);
  }

  #start(): Thread {
    // The parent's own flags (a test runner's loader) are not for the thread.
    const worker = new Worker(ENTRY, { workerData: this.#folder, execArgv: [] });
    worker.unref();
    const channel = new Channel<EngineCalls>({
      send: (message, transfer) => worker.postMessage(message, transfer),
      handlers: {},
      hold: (held) => (held ? worker.ref() : worker.unref()),
    });
    worker.on('message', (message) => channel.receive(message));
    const ended = (why: string): void => {
      if (this.#thread?.worker === worker) this.#thread = null;
      channel.fail(new AssayError('INTERNAL', `The search in ${this.#folder} stopped (${why}). Try again.`));
    };
    worker.on('error', (error) => ended((error as Error).message));
    worker.on('exit', (code) => ended(`exit status ${code}`));
    return { worker, channel };
  }
}
