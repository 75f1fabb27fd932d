/** Tells its followers that something changed, at a bounded rate. */
export class Changes {
  #version = 0;
  readonly #waiting = new Set<() => void>();

  happened(): void {
    this.#version++;
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** Yields `read()` now and again after changes, at most every `everyMs`, until `signal` aborts. */
  async *follow<T>(read: () => T, everyMs: number, signal: AbortSignal | undefined): AsyncGenerator<T> {
    for (let seen = -1; !signal?.aborted;) {
      if (this.#version === seen) {
        await this.#next(signal);
        continue;
      }
      seen = this.#version;
      yield read();
      await pause(everyMs, signal);
    }
  }

  #next(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((done) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        signal?.removeEventListener('abort', wake);
        done();
      };
      this.#waiting.add(wake);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(finish, ms);
    signal?.addEventListener('abort', finish, { once: true });
    function finish(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      done();
    }
  });
}
