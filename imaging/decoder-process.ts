import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { DecodeReply, DecodeTask } from './decode-messages.ts';

const STDERR_KEPT = 2000;

export interface DecoderEvents {
  reply: (reply: DecodeReply) => void;
  /** The process is gone; `reason` is a phrase for people. Comes exactly once. */
  gone: (reason: string) => void;
}

/** One forked decoder: starts it, sends tasks, kills it. Knows nothing of what is in flight. */
export class DecoderProcess {
  readonly #child: ChildProcess;
  #stderr = '';
  #isGone = false;

  constructor(host: URL, events: DecoderEvents) {
    this.#child = fork(fileURLToPath(host), [], {
      serialization: 'advanced',
      // Pixels come and go: without these two, heap and allocator keep 60 % more than they ever use at once.
      env: { ...process.env, MALLOC_ARENA_MAX: '2' },
      // None of the parent's flags: an inspector port, a test runner's hooks or a watch mode belong to the parent.
      execArgv: ['--max-semi-space-size=8'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const end = (reason: string): void => {
      if (this.#isGone) return;
      this.#isGone = true;
      events.gone(this.#stderr === '' ? reason : `${reason}: ${this.#stderr.trim()}`);
    };
    const { stderr } = this.#child;
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_KEPT);
    });
    this.#child.on('message', (reply: DecodeReply) => {
      if (!this.#isGone) events.reply(reply);
    });
    this.#child.on('error', (error) => {
      // `error` also reports a failed send, after which `exit` follows; only a failed start has no process id.
      if (this.#child.pid === undefined) end(error.message);
    });
    // The last of stderr, which says why, may come after `exit`. The process's own `close` event would wait for it, but
    // it does not come when this side has disconnected.
    this.#child.on('exit', (code, signal) => {
      const report = (): void => end(signal ? `ended by ${signal}` : `ended with status ${code}`);
      if (!stderr || stderr.closed) report();
      else stderr.once('close', report);
    });
  }

  send(task: DecodeTask): void {
    // A process that died meanwhile reports it through `exit`.
    this.#child.send(task, () => undefined);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Lets the process end by itself. */
  release(): void {
    if (this.#child.connected) this.#child.disconnect();
  }
}
