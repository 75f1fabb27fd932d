import type { Progress } from '../../rpc/progress.ts';

/** The rate is taken over this window: long enough to be steady, short enough to follow a change. */
const WINDOW_MS = 15_000;
/** Reports closer together than this add nothing to the rate. */
const STEP_MS = 250;

/** The rate of a task's stage over its last 15 seconds; every stage starts afresh. */
export class RateMeter {
  #stage = '';
  #points: { atMs: number; done: number }[] = [];

  /** Adds a report made at `nowMs` (of any monotonic clock). */
  add({ stage, done }: Progress, nowMs: number): void {
    const last = this.#points.at(-1);
    if (stage !== this.#stage || (last && done < last.done)) {
      this.#stage = stage;
      this.#points = [{ atMs: nowMs, done }];
      return;
    }
    // The newest point moves along until it is a step away from the one before.
    if (this.#points.length > 1 && nowMs - this.#points.at(-2)!.atMs < STEP_MS) this.#points.pop();
    this.#points.push({ atMs: nowMs, done });
    while (this.#points.length > 2 && nowMs - this.#points[1]!.atMs > WINDOW_MS) this.#points.shift();
  }

  /** Units per second; null until a stage has advanced between two reports. */
  get perSecond(): number | null {
    const [first, last] = [this.#points[0], this.#points.at(-1)];
    if (!first || !last || last.atMs <= first.atMs || last.done <= first.done) return null;
    return (1000 * (last.done - first.done)) / (last.atMs - first.atMs);
  }

  /** Seconds left of the stage at this rate; null where the rate or the total is unknown. */
  secondsLeft({ done, total }: Progress): number | null {
    const rate = this.perSecond;
    return rate === null || total === null ? null : Math.max(0, total - done) / rate;
  }
}
