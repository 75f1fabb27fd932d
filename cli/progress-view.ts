import type { WriteStream } from 'node:tty';
import type { Progress } from '../rpc/progress.ts';

const BAR_WIDTH = 24;
const PLAIN_EVERY_MS = 5000;

/** Shows a task's progress: one line that rewrites itself on a terminal, a plain line now and then elsewhere. */
export class ProgressView {
  readonly #stream: WriteStream;
  #stage = '';
  #startedMs = 0;
  #startedAt = 0;
  #saidMs = 0;
  #open = false;

  constructor(stream: WriteStream) {
    this.#stream = stream;
  }

  show(report: Progress): void {
    const now = performance.now();
    if (report.stage !== this.#stage) {
      this.end();
      this.#stage = report.stage;
      this.#startedMs = now;
      this.#startedAt = report.done;
      this.#saidMs = -Infinity;
    }
    const line = describe(report, report.done - this.#startedAt, (now - this.#startedMs) / 1000);
    if (this.#stream.isTTY) {
      this.#stream.write(`\r\x1b[2K${line.slice(0, (this.#stream.columns || 80) - 1)}`);
      this.#open = true;
    } else if (now - this.#saidMs >= PLAIN_EVERY_MS) {
      this.#stream.write(`${line}\n`);
      this.#saidMs = now;
    }
  }

  /** Ends the current line. */
  end(): void {
    if (this.#open) this.#stream.write('\n');
    this.#open = false;
  }
}

function describe({ stage, done, total, unit }: Progress, fresh: number, seconds: number): string {
  const rate = seconds > 0.5 ? fresh / seconds : 0;
  const parts = [stage];
  if (total !== null && total > 0) {
    const filled = Math.round((BAR_WIDTH * Math.min(done, total)) / total);
    parts.push(`[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}]`, `${done}/${total} ${unit}`);
  } else if (done > 0) parts.push(`${done} ${unit}`);
  if (rate > 0) parts.push(`${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`);
  if (rate > 0 && total !== null && total > done) parts.push(`${duration((total - done) / rate)} left`);
  return parts.join('  ');
}

function duration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
