import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssayError } from '../rpc/errors.ts';
import type { HostAnswer, HostCall, HostCalls, HostReady } from './messages.ts';

const ENTRY = fileURLToPath(new URL('inference-host.ts', import.meta.url));
/** Of what the child wrote to its error output, the end that is kept for the error that reports its death. */
const STDERR_TAIL = 2000;
const CLOSE_PATIENCE_MS = 1000;

interface Waiting {
  id: number;
  settle: (outcome: { answer: unknown } | { error: AssayError }) => void;
}

/** One inference process from birth to death. Keeps the parent's event loop alive only while it is asked something. */
export class HostChild {
  readonly #process: ChildProcess;
  readonly #folder: string;
  #waiting: Waiting | null = null;
  #lastId = 0;
  #stderr = '';
  #killReason: AssayError | null = null;
  #alive = true;
  #markReady!: (ready: HostReady) => void;
  readonly #ready: Promise<HostReady | string>;
  /** How it ended. */
  readonly #ended: Promise<string>;

  private constructor(threads: number) {
    this.#folder = mkdtempSync(path.join(tmpdir(), 'assay-inference-'));
    this.#process = fork(ENTRY, [String(threads)], {
      cwd: this.#folder,
      // The parent's own flags (a test runner's loader, an inspector's port) are not for the child.
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#ended = new Promise((resolve) => {
      const end = (how: string): void => {
        this.#onEnd(how);
        resolve(how);
      };
      this.#process.once('exit', (code, signal) => {
        const how = signal ?? `exit status ${code}`;
        // The error output may still be on its way; but whatever else holds that pipe must not keep anyone waiting.
        const late = setTimeout(end, CLOSE_PATIENCE_MS, how);
        this.#process.once('close', () => {
          clearTimeout(late);
          end(how);
        });
      });
      this.#process.once('error', (error) => end(error.message));
    });
    this.#ready = Promise.race([
      new Promise<HostReady>((resolve) => (this.#markReady = resolve)),
      this.#ended,
    ]);
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_TAIL);
    });
    this.#process.on('message', (message: HostReady | HostAnswer) => this.#onMessage(message));
  }

  /** Forks the process and waits until it is up. Rejects with UNSUPPORTED_RUNTIME where ONNX Runtime does not load. */
  static async start(threads: number): Promise<{ child: HostChild; providers: string[] }> {
    const child = new HostChild(threads);
    const ready = await child.#ready;
    if (typeof ready === 'string') {
      throw new AssayError(
        'UNSUPPORTED_RUNTIME',
        `The inference process did not start (${ready}): ONNX Runtime does not load here. ` +
          'Install again with `npm ci`; `details` holds what it printed.',
        { details: child.#stderr },
      );
    }
    child.#hold(false);
    return { child, providers: ready.providers };
  }

  get pid(): number | null {
    return this.#process.pid ?? null;
  }

  get alive(): boolean {
    return this.#alive;
  }

  #hold(held: boolean): void {
    // A child's pipe is a socket, though its declared type is the wider Readable.
    const { channel, stderr } = this.#process;
    const pipe = stderr instanceof Socket ? stderr : null;
    for (const handle of [this.#process, channel, pipe]) {
      if (held) handle?.ref();
      else handle?.unref();
    }
  }

  #settle(outcome: Parameters<Waiting['settle']>[0]): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    this.#hold(false);
    waiting?.settle(outcome);
  }

  #onMessage(message: HostReady | HostAnswer): void {
    if ('ready' in message) {
      this.#markReady(message);
      return;
    }
    if (this.#waiting?.id !== message.id) return;
    if (message.ok) this.#settle({ answer: message.answer });
    else this.#settle({ error: new AssayError(message.code, message.message, message.data) });
  }

  #onEnd(how: string): void {
    this.#alive = false;
    rmSync(this.#folder, { recursive: true, force: true });
    const reason =
      this.#killReason ??
      new AssayError('INFERENCE_FAILED', `The inference process ended (${how}).`, { details: this.#stderr });
    this.#settle({ error: reason });
  }

  /** Asks and waits. One at a time: the caller queues. Rejects with the child's refusal, or with how it ended. */
  ask<C extends HostCall>(call: C, ask: HostCalls[C]['ask']): Promise<HostCalls[C]['answer']> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const settle: Waiting['settle'] = (outcome) => {
        if ('error' in outcome) reject(outcome.error);
        // The child answers each call with that call's type: HostCalls on both sides.
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        else resolve(outcome.answer as HostCalls[C]['answer']);
      };
      this.#waiting = { id, settle };
      this.#hold(true);
      // A failed send means that the child is gone or going; 'close' reports that with its reason.
      this.#process.send({ id, call, ask }, () => {});
    });
  }

  /** Kills at once; what is being asked rejects with `reason`. */
  kill(reason: AssayError): void {
    this.#killReason ??= reason;
    this.#alive = false;
    this.#process.kill('SIGKILL');
  }

  /** Ends the process, which is asked nothing, and waits until it is gone. */
  async close(): Promise<void> {
    this.#hold(true);
    // Killed rather than asked to go: nothing in it needs saving, and native libraries may hang in their own clean-up.
    this.kill(new AssayError('NOT_READY', 'The inference process is closed.'));
    await this.#ended;
  }
}
