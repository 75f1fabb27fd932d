import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import { AssayError } from '../rpc/errors.ts';
import type { SampleSummary } from '../rpc/contract/catalog.ts';
import type { TaskContext } from '../rpc/progress.ts';
import { PART_NAMES } from './classes.ts';
import { faultCounts, planSample, syntheticCount, type SampleSize, type SyntheticItem } from './plan.ts';
import { GENERATOR, GENERATOR_VERSION } from './prompts.ts';
import { realPath, renderReal, renderSynthetic, syntheticName, type RenderedItem } from './render-item.ts';

export interface SampleRequest extends TaskContext {
  /** Target folder; created if absent, refused if not empty. */
  folder: string;
  /** A non-negative integer: the same seed and size give the same bytes on the same machine. */
  seed: number;
  /** `small` (1,200 synthetic images, the default), `large` (20,000), or a count. */
  size?: SampleSize;
}

/** Images rendered or encoded at a time: enough that the encoder's threads never wait. */
const IN_FLIGHT = 8;

/**
 * Renders the sample project's images: `real/<class>/`, `holdout/<class>/`, `synthetic/` with `metadata.jsonl`, and
 * `answers.csv`, which lists every faulty image and only a benchmark may read. Removes the written files on a failure or
 * a cancel.
 *
 * Throws `INVALID_INPUT` for an impossible seed or size, `ALREADY_EXISTS` when the folder is not empty,
 * `DISK_FULL`, `CANCELLED`.
 */
export async function renderSample(job: SampleRequest): Promise<SampleSummary> {
  const folder = resolve(job.folder);
  if (!Number.isSafeInteger(job.seed) || job.seed < 0) {
    throw new AssayError('INVALID_INPUT', `${job.seed} is no seed; use a whole number from 0`, {
      seed: job.seed,
    });
  }
  const count = syntheticCount(job.size ?? 'small');
  await claim(folder);
  try {
    return await render(job, folder, count);
  } catch (thrown) {
    for (const name of ['real', 'holdout', 'synthetic', 'answers.csv']) {
      await rm(join(folder, name), { recursive: true, force: true });
    }
    throw explain(thrown, folder, job.signal);
  }
}

async function render(job: SampleRequest, folder: string, count: number): Promise<SampleSummary> {
  const { seed, signal, progress } = job;
  const plan = planSample(seed, count);
  for (const name of PART_NAMES) {
    await mkdir(join(folder, 'real', name), { recursive: true });
    await mkdir(join(folder, 'holdout', name), { recursive: true });
  }
  await mkdir(join(folder, 'synthetic'));
  const total = plan.real.length + count;
  let done = 0;
  let bytes = 0;
  const finish = async (path: string, content: Buffer | string): Promise<void> => {
    await writeFile(join(folder, path), content, { flag: 'wx' });
    bytes += Buffer.byteLength(content);
  };
  const step = (): void => progress({ stage: 'rendering images', done: ++done, total, unit: 'images' });
  await inFlight(plan.real, signal, async (item) => {
    await finish(realPath(item), await renderReal(seed, item));
    step();
  });
  const rows: string[] = [];
  const answers: string[][] = [];
  await inFlight(plan.synthetic, signal, async (item) => {
    const rendered = await renderSynthetic(seed, item);
    await finish(`synthetic/${syntheticName(item)}`, rendered.bytes);
    rows[item.index] = metadataRow(item, rendered);
    if (item.fault) {
      answers[item.index] = [`synthetic/${syntheticName(item)}`, item.fault, item.shown ?? '', rendered.note];
    }
    step();
  });
  await finish('synthetic/metadata.jsonl', rows.join(''));
  const table = answers.filter((answer) => answer !== undefined);
  await finish('answers.csv', stringify([['path', 'fault', 'true_label', 'note'], ...table]));
  const real = plan.real.filter((item) => item.role === 'real').length;
  return {
    folder,
    seed,
    classes: [...PART_NAMES],
    real,
    holdout: plan.real.length - real,
    synthetic: count,
    faults: faultCounts(count),
    bytes,
  };
}

function metadataRow(item: SyntheticItem, rendered: RenderedItem): string {
  const row = {
    file_name: syntheticName(item),
    label: item.label,
    generator: GENERATOR,
    generator_version: GENERATOR_VERSION,
    seed: rendered.asked.seed,
    prompt: rendered.asked.prompt,
  };
  return `${JSON.stringify(row)}\n`;
}

/** Runs `work` over the items in order, a few at a time. Stops starting new ones after a failure or an abort. */
async function inFlight<T>(items: T[], signal: AbortSignal, work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      if (failures.length > 0) return;
      try {
        signal.throwIfAborted();
        await work(item);
      } catch (thrown) {
        failures.push(thrown);
      }
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  if (failures.length > 0) throw failures[0];
}

async function claim(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).length === 0) return;
  } catch (thrown) {
    throw explain(thrown, folder, null);
  }
  throw new AssayError(
    'ALREADY_EXISTS',
    `${folder} is not empty; name a folder that is empty or does not exist`,
    {
      folder,
    },
  );
}

function explain(thrown: unknown, folder: string, signal: AbortSignal | null): unknown {
  if (signal?.aborted)
    return new AssayError('CANCELLED', 'rendering the sample was cancelled; nothing was kept');
  const code = (thrown as { code?: unknown } | null)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AssayError(
      'DISK_FULL',
      `the disk of ${folder} is full; free some space or name another folder`,
      { folder },
      thrown,
    );
  }
  if (code === 'EEXIST' || code === 'ENOTDIR' || code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new AssayError(
      'INVALID_INPUT',
      `nothing can be written to ${folder} (${code}); name a folder that you may write to`,
      { folder },
      thrown,
    );
  }
  return thrown;
}
