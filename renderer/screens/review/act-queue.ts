type Act = () => Promise<void>;

const SLOW_MS = 300;

interface Listener {
  /** An act threw: it stays the first one, and nothing goes on until `resume` or `clear`. */
  failed: (error: unknown) => Promise<void> | void;
  /** Said only of what takes long: most acts take a few milliseconds, and are not worth a rendering. */
  slow: (isSlow: boolean) => void;
}

/** Runs acts strictly one after the other, in the order in which they were asked for. */
export class ActQueue {
  readonly #listener: Listener;
  #acts: Act[] = [];
  #isStopped = false;
  #isRunning = false;
  #running = Promise.resolve();

  constructor(listener: Listener) {
    this.#listener = listener;
  }

  get isEmpty(): boolean {
    return this.#acts.length === 0;
  }

  push(...acts: Act[]): void {
    this.#acts.push(...acts);
    this.resume();
  }

  /** Goes on after a failure, with the act that failed. */
  resume(): void {
    this.#isStopped = false;
    if (!this.#isRunning) this.#running = this.#runAll();
  }

  /** Forgets what is waiting, and gives it back. */
  clear(): Act[] {
    const waiting = this.#acts;
    this.#acts = [];
    return waiting;
  }

  /** Resolves when all that was asked for is done, or has failed. */
  idle(): Promise<void> {
    return this.#running;
  }

  async #runAll(): Promise<void> {
    this.#isRunning = true;
    let isSlow = false;
    const slow = setTimeout(() => {
      isSlow = true;
      this.#listener.slow(true);
    }, SLOW_MS);
    while (!this.#isStopped && this.#acts[0]) {
      const act = this.#acts[0];
      try {
        await act();
        if (this.#acts[0] === act) this.#acts.shift();
      } catch (error) {
        this.#isStopped = true;
        await this.#listener.failed(error);
      }
    }
    this.#isRunning = false;
    clearTimeout(slow);
    if (isSlow) this.#listener.slow(false);
  }
}
