import type { ChildProcessLike, StartProcess } from '../rpc/child-process.ts';
import type { DecodeReply, DecodeTask } from './decode-messages.ts';

const STDERR_KEPT = 2000;

export interface DecoderEvents {
  reply: (reply: DecodeReply) => void;
  /** The process is gone; `reason` is a phrase for people. Comes exactly once. */
  gone: (reason: string) => void;
}

/** One decoder process: starts it, sends tasks, kills it. Knows nothing of what is in flight. */
export class DecoderProcess {
  readonly #child: ChildProcessLike;
  #stderr = '';
  #isGone = false;

  constructor(host: URL, startProcess: StartProcess, events: DecoderEvents) {
    this.#child = startProcess(
      host,
      [],
      {
        // Pixels come and go: without these two, heap and allocator keep 60 % more than they ever use at once.
        env: { MALLOC_ARENA_MAX: '2' },
        execArgv: ['--max-semi-space-size=8'],
      },
      {
        message: (reply) => {
          if (!this.#isGone) events.reply(reply as DecodeReply);
        },
        stderr: (text) => (this.#stderr = (this.#stderr + text).slice(-STDERR_KEPT)),
        gone: (how) => {
          this.#isGone = true;
          events.gone(this.#stderr === '' ? how : `${how}: ${this.#stderr.trim()}`);
        },
      },
    );
  }

  send(task: DecodeTask): void {
    this.#child.send(task);
  }

  kill(): void {
    this.#child.kill();
  }

  /** Lets the process end by itself. */
  release(): void {
    this.#child.release();
  }
}
