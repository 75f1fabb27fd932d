import type {
  GenerationPoint,
  GenerationsReport,
  HoldoutQuality,
  Measured,
} from '../../rpc/contract/reports.ts';
import { AssayError } from '../../rpc/errors.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import { rateInterval } from '../base/numeric/special.ts';
import type { Project } from '../project/project.ts';
import { newestRun } from '../queue/candidates.ts';
import { alarmOf } from './alarm.ts';
import { inOrder, syntheticBatches } from './batch-report.ts';
import { MeasuredBatches } from './measured-batches.ts';
import { MEASURES } from './measures.ts';
import { stockOf } from './stock.ts';

/**
 * Every synthetic batch of a project in order, each against the same real images in draws of its own size, beside the
 * mix that it makes and what people decided on it; and the label model on the hold-out, run by run. Throws NOT_READY
 * without a run or without a synthetic batch.
 */
export async function generationsReport(
  project: Project,
  seed: number,
  task: TaskContext,
): Promise<GenerationsReport> {
  const { store } = project;
  const run = newestRun(project);
  const measured = await MeasuredBatches.of(project, run, seed, task.signal);
  const names = store.batches.labelNames();
  const stock = stockOf(store.reports.composition(run.id), names);
  const points: GenerationPoint[] = [];
  let synthetic = 0;
  let before: Measured[] | null = null;
  let previous = null;
  for (const batch of inOrder(syntheticBatches(project))) {
    const { images, accepted, rejected, left } = stock.batches.get(batch.id) ?? NOTHING;
    synthetic += left;
    const found = await measured.measures(batch, task).catch((error: unknown) => {
      if (error instanceof AssayError && error.code === 'NOT_READY') return error.message;
      throw error;
    });
    const isMeasured = typeof found !== 'string';
    points.push({
      batch: batch.name,
      generation: batch.generation,
      generator: batch.generator,
      images,
      sample: isMeasured ? found.sample : null,
      values: isMeasured ? found.measures.map(({ value, band, outside }) => ({ value, band, outside })) : [],
      why: isMeasured ? null : found,
      drift: previous && isMeasured ? await measured.drift(batch, previous, task) : null,
      alarm: isMeasured && alarmOf(found.measures, before).raised,
      accepted,
      rejected,
      mix: {
        real: stock.real,
        synthetic,
        share: stock.real + synthetic === 0 ? null : stock.real / (stock.real + synthetic),
      },
    });
    if (!isMeasured) continue;
    before = found.measures;
    previous = batch;
  }
  return {
    run: run.id,
    seed,
    model: run.modelId,
    measures: MEASURES,
    points,
    holdout: store.scores
      .runs()
      .flatMap(({ id, modelId }) => holdoutQuality(store.reports.holdout(id), id, modelId) ?? []),
  };
}

const NOTHING = { images: 0, accepted: 0, rejected: 0, left: 0 };

const BINS = 15;
const CONFIDENCE = 0.95;

/**
 * Accuracy with its exact interval, and expected calibration error `sum_b n_b / n |accuracy_b - confidence_b|` (Guo et
 * al. 2017), of predictions of labelled hold-out images. Null without one.
 */
export function holdoutQuality(
  predictions: readonly { right: 0 | 1; probability: number }[],
  run: number,
  model: string,
): HoldoutQuality | null {
  const images = predictions.length;
  if (images === 0) return null;
  const gaps = new Float64Array(BINS);
  let right = 0;
  for (const { right: isRight, probability } of predictions) {
    right += isRight;
    gaps[Math.min(BINS - 1, Math.floor(probability * BINS))]! += isRight - probability;
  }
  return {
    run,
    model,
    images,
    accuracy: right / images,
    interval: rateInterval(right, images, CONFIDENCE),
    calibrationError: gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / images,
  };
}
