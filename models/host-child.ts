import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path, { extname } from 'node:path';
import type { ChildProcessLike, StartProcess } from '../rpc/child-process.ts';
import { Channel, type Args } from '../rpc/channel.ts';
import { AssayError } from '../rpc/errors.ts';
import { MEMORY_TAKEN } from './memory-watch.ts';
import type { HostCall, HostCalls, HostFunctions, HostNotices } from './messages.ts';

const ENTRY = new URL(`./inference-host${extname(import.meta.url)}`, import.meta.url);
/** How much of the child's error output is kept, from its end, for the error that reports its death. */
const STDERR_TAIL = 2000;

/** One inference process from birth to death. Keeps the parent's event loop alive only during a call. */
export class HostChild {
  #process!: ChildProcessLike;
  readonly #folder: string;
  readonly #channel: Channel<HostFunctions, HostNotices>;
  #stderr = '';
  #killReason: AssayError | null = null;
  #alive = true;
  /** Its execution providers, or how it ended instead. */
  readonly #ready: Promise<string[] | string>;
  /** How it ended. */
  readonly #ended: Promise<string>;

  private constructor(threads: number, startProcess: StartProcess) {
    this.#folder = mkdtempSync(path.join(tmpdir(), 'assay-inference-'));
    this.#ended = new Promise((resolve) => {
      this.#process = startProcess(
        ENTRY,
        [String(threads)],
        { cwd: this.#folder },
        {
          message: (message) => this.#channel.receive(message),
          stderr: (text) => (this.#stderr = (this.#stderr + text).slice(-STDERR_TAIL)),
          gone: (how) => {
            this.#onEnd(how);
            resolve(how);
          },
        },
      );
    });
    const { promise: up, resolve: ready } = Promise.withResolvers<string[]>();
    this.#channel = new Channel({
      send: (message) => this.#process.send(message),
      handlers: { ready },
      hold: (held) => this.#process.hold(held),
    });
    this.#ready = Promise.race([up, this.#ended]);
  }

  /** Starts the process and waits until it is up. Rejects with UNSUPPORTED_RUNTIME where ONNX Runtime does not load. */
  static async start(
    threads: number,
    startProcess: StartProcess,
  ): Promise<{ child: HostChild; providers: string[] }> {
    const child = new HostChild(threads, startProcess);
    const ready = await child.#ready;
    if (typeof ready === 'string') {
      throw new AssayError(
        'UNSUPPORTED_RUNTIME',
        `The inference process did not start (${ready}): ONNX Runtime does not load here. ` +
          'Install again with `npm ci`; `details` holds what it printed.',
        { details: child.#stderr },
      );
    }
    child.#process.hold(false);
    return { child, providers: ready };
  }

  get pid(): number | null {
    return this.#process.pid;
  }

  get alive(): boolean {
    return this.#alive;
  }

  #onEnd(how: string): void {
    this.#alive = false;
    rmSync(this.#folder, { recursive: true, force: true });
    const reason =
      this.#killReason ??
      new AssayError(
        'INFERENCE_FAILED',
        MEMORY_TAKEN.exec(this.#stderr)?.[0] ?? `The inference process is gone: ${how}.`,
        { details: this.#stderr },
      );
    this.#channel.fail(reason);
  }

  /** Asks and waits. One call at a time: the caller queues. Rejects with the child's refusal, or with how it ended. */
  ask<C extends HostCall>(call: C, ask: HostCalls[C]['ask']): Promise<HostCalls[C]['answer']> {
    // Arguments and answer are those of the call in `HostCalls`, which the types of a call not known yet cannot show.
    return this.#channel.call(call, [ask] as Args<HostFunctions, C>) as Promise<HostCalls[C]['answer']>;
  }

  /** Kills at once; what is being asked rejects with `reason`. */
  kill(reason: AssayError): void {
    this.#killReason ??= reason;
    this.#alive = false;
    this.#process.kill();
  }

  /** Ends the idle process and waits until it has gone. */
  async close(): Promise<void> {
    this.#process.hold(true);
    // Killed rather than asked to go: nothing in it needs saving, and native libraries may hang in their own clean-up.
    this.kill(new AssayError('NOT_READY', 'The inference process is closed.'));
    await this.#ended;
  }
}
