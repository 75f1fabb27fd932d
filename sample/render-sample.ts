import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import type { SampleSummary } from '../rpc/contract/catalog.ts';
import type { TaskContext } from '../rpc/progress.ts';
import { PART_NAMES } from './classes.ts';
import { faultCounts, planSample, syntheticCount, type SampleSize, type SyntheticItem } from './plan.ts';
import { GENERATOR, GENERATOR_VERSION } from './prompts.ts';
import { inFlight, writeSet, type SetWriter } from './write-set.ts';
import { realPath, renderReal, renderSynthetic, syntheticName, type RenderedItem } from './render-item.ts';

export interface SampleRequest extends TaskContext {
  /** Target folder; created if absent, refused if not empty. */
  folder: string;
  /** A non-negative integer: the same seed and size give the same bytes on the same machine. */
  seed: number;
  /** `small` (1,200 synthetic images, the default), `large` (20,000), or a count. */
  size?: SampleSize;
}

/**
 * Renders the sample project's images: `real/<class>/`, `holdout/<class>/`, `synthetic/` with `metadata.jsonl`, and
 * `answers.csv`, which lists every faulty image and only a benchmark may read. Removes the written files on a failure or
 * a cancel.
 *
 * Throws `INVALID_INPUT` for an impossible seed or size, `ALREADY_EXISTS` when the folder is not empty,
 * `DISK_FULL`, `CANCELLED`.
 */
export async function renderSample(job: SampleRequest): Promise<SampleSummary> {
  const count = syntheticCount(job.size ?? 'small');
  return writeSet(job, ['real', 'holdout', 'synthetic', 'answers.csv'], (set) => render(job, set, count));
}

async function render(job: SampleRequest, set: SetWriter, count: number): Promise<SampleSummary> {
  const { seed, signal, progress } = job;
  const { folder, finish } = set;
  const plan = planSample(seed, count);
  for (const name of PART_NAMES) {
    await mkdir(join(folder, 'real', name), { recursive: true });
    await mkdir(join(folder, 'holdout', name), { recursive: true });
  }
  await mkdir(join(folder, 'synthetic'));
  const total = plan.real.length + count;
  let done = 0;
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
    bytes: set.bytes(),
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
