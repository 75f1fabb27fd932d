/** A pause longer than this is a coffee, not a look at the image: what goes beyond it is left out. */
const IDLE_AFTER_MS = 30_000;

/**
 * Measures how long a person looks at one item, in milliseconds of `performance.now()`. Every input counts up to
 * `IDLE_AFTER_MS` after the one before; time while the window is hidden does not count.
 */
export class ItemTimer {
  #countedMs = 0;
  #since: number | null = null;

  start(now: number): void {
    this.#countedMs = 0;
    this.#since = now;
  }

  /** The person moved the mouse or pressed a key. */
  input(now: number): void {
    if (this.#since === null) return;
    this.#count(now);
    this.#since = now;
  }

  hidden(now: number): void {
    if (this.#since === null) return;
    this.#count(now);
    this.#since = null;
  }

  shown(now: number): void {
    this.#since ??= now;
  }

  /** Whole milliseconds from the start to `now`, idle time left out. */
  elapsedMs(now: number): number {
    this.input(now);
    return Math.round(this.#countedMs);
  }

  #count(now: number): void {
    if (this.#since !== null) this.#countedMs += Math.min(Math.max(now - this.#since, 0), IDLE_AFTER_MS);
  }
}
