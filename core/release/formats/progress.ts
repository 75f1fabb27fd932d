import { AssayError } from '../../../rpc/errors.ts';
import type { ExportItem, ExportJob } from './define.ts';

const AT_ONCE = 8;

/** Throws `CANCELLED` once the signal has aborted. */
export function checkpoint(signal: AbortSignal): void {
  if (signal.aborted)
    throw new AssayError('CANCELLED', 'The export was cancelled. Nothing was written to its folder.');
}

/** The items of one split, in their order; stops by throwing `CANCELLED`. */
export function* itemsOf(job: ExportJob, split: string | null): Generator<ExportItem> {
  for (const item of job.items) {
    checkpoint(job.signal);
    if (item.split === split) yield item;
  }
}

/** Copies every original to the path that is given for it, several at once since each copy waits for the disk. */
export async function copyImages(
  job: ExportJob,
  pathOf: (item: ExportItem) => string,
  alongside?: (item: ExportItem) => Promise<void>,
): Promise<void> {
  let done = 0;
  const copy = async (batch: ExportItem[]): Promise<void> => {
    checkpoint(job.signal);
    const copies = batch.map(async (item) => {
      await job.output.copyOriginal(item, pathOf(item));
      await alongside?.(item);
    });
    const failed = (await Promise.allSettled(copies)).find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    done += batch.length;
    job.progress({ stage: 'copying images', done, total: job.count, unit: 'images' });
  };
  let batch: ExportItem[] = [];
  for (const item of job.items) {
    batch.push(item);
    if (batch.length < AT_ONCE) continue;
    await copy(batch);
    batch = [];
  }
  await copy(batch);
}
