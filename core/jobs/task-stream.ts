import type { Progress, TaskContext } from '../../rpc/progress.ts';
import { AssayError } from '../../rpc/errors.ts';
import { clientError } from '../../rpc/transport/client-error.ts';

const REPORT_EVERY_MS = 100;

/**
 * Runs a task as a stream of its progress that ends with its result. Reports are coalesced to about ten a second,
 * since remote streams have no back-pressure; the last one is always sent. Leaving the stream aborts the task, and an
 * aborted task ends as `CANCELLED` whatever it was doing.
 */
export async function* taskStream<R>(
  run: (task: TaskContext) => Promise<R>,
  outer?: AbortSignal,
): AsyncGenerator<Progress, R> {
  const inner = new AbortController();
  const signal = outer ? AbortSignal.any([outer, inner.signal]) : inner.signal;
  let latest: Progress | undefined;
  let wake = () => {};
  let settled = false;
  const running = run({
    signal,
    progress: (report) => {
      latest = report;
      wake();
    },
  });
  const result: Promise<R> = running.finally(() => {
    settled = true;
    wake();
  });
  result.catch(() => {}); // awaited below
  try {
    while (!settled) {
      await new Promise<void>((resolve) => (latest || settled ? resolve() : (wake = resolve)));
      if (latest) {
        const report = latest;
        latest = undefined;
        yield report;
        if (!settled)
          await Promise.race([
            result.catch(() => {}),
            new Promise((resolve) => setTimeout(resolve, REPORT_EVERY_MS)),
          ]);
      }
    }
    if (latest) yield latest;
    return await result;
  } catch (error) {
    if (signal.aborted)
      throw clientError(
        new AssayError(
          'CANCELLED',
          'Stopped. What was done so far is kept; start it again to go on.',
          {},
          error,
        ),
      );
    throw clientError(error);
  } finally {
    inner.abort();
    await result.catch(() => {});
  }
}
