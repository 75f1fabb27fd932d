import type { HoldoutQuality, WatchPoint, WatchReport } from '../../../rpc/contract/watch.ts';
import type { TaskContext } from '../../../rpc/progress.ts';
import { rateInterval } from '../../base/numeric/special.ts';
import { alarmOf } from '../../fidelity/alarm.ts';
import { inOrder, syntheticBatches } from '../../fidelity/batch-report.ts';
import type { MeasuredBatch } from '../../fidelity/measure-batch.ts';
import { MeasuredBatches } from '../../fidelity/measured-batches.ts';
import { MEASURES } from '../../fidelity/measures.ts';
import { stockOf } from '../stock.ts';
import type { Project } from '../../project/project.ts';
import { newestRun } from '../../queue/candidates.ts';
import { listRounds } from '../rounds.ts';
import { standingOf } from './standing.ts';

const MOST_SHOWN = 24;
const NOT_YET = 'not measured yet';
const NEVER = new AbortController().signal;

/**
 * Every synthetic batch of a project in order, each against the same real images in draws of its own size, beside the mix
 * that it makes and what people decided on it; the label model on the hold-out, run by run; and the rounds. Batches that
 * are not measured yet are measured as `measuring` says, or left out where that is null. Throws NOT_READY without a run or
 * without a synthetic batch.
 */
export async function watchReport(
  project: Project,
  seed: number,
  measuring: TaskContext | null,
  signal = measuring?.signal ?? NEVER,
): Promise<WatchReport> {
  const { store } = project;
  const run = newestRun(project);
  const measured = await MeasuredBatches.of(project, run, seed, signal);
  const stock = stockOf(store.reports.composition(run.id), store.batches.labelNames());
  const points: WatchPoint[] = [];
  const watched: Parameters<typeof standingOf>[0][number][] = [];
  const known: { name: string; found: MeasuredBatch }[] = [];
  let synthetic = 0;
  let previous = null;
  for (const batch of inOrder(syntheticBatches(project))) {
    const { images, accepted, rejected, left } = stock.batches.get(batch.id) ?? NOTHING;
    synthetic += left;
    const why = measured.whyNot(batch);
    const found =
      why !== null
        ? null
        : measuring
          ? await measured.measures(batch, measuring)
          : measured.keptMeasures(batch);
    const [before, earlier] = [known.at(-1), known.at(-2)].map((one) => one?.found.measures ?? null);
    points.push({
      batch: batch.name,
      generation: batch.generation,
      generator: batch.generator,
      images,
      sample: found?.sample ?? null,
      values: found?.measures.map(({ value, band, outside }) => ({ value, band, outside })) ?? [],
      why: found ? null : (why ?? NOT_YET),
      drift:
        !previous || !found
          ? null
          : measuring
            ? await measured.drift(batch, previous, measuring)
            : measured.keptDrift(batch, previous),
      alarm: found && alarmOf(found.measures, before ?? null, earlier ?? null),
      accepted,
      rejected,
      kept: accepted + rejected === 0 ? null : accepted / (accepted + rejected),
      mix: {
        real: stock.real,
        synthetic,
        share: stock.real + synthetic === 0 ? null : stock.real / (stock.real + synthetic),
      },
    });
    watched.push({ name: batch.name, measures: found?.measures ?? null, why });
    if (!found) continue;
    known.push({ name: batch.name, found });
    previous = batch;
  }
  return {
    run: run.id,
    seed,
    model: run.modelId,
    standing: standingOf(watched),
    measures: MEASURES,
    points,
    holdout: store.scores
      .runs()
      .flatMap(({ id, modelId }) => holdoutQuality(store.reports.holdout(id), id, modelId) ?? []),
    rounds: listRounds(store),
    newest: newestOf(known, () => measured.anchorSet()),
  };
}

const NOTHING = { images: 0, accepted: 0, rejected: 0, left: 0 };

/** What vanishes from the newest measured batch, and what it has too much of. */
function newestOf(
  known: readonly { name: string; found: MeasuredBatch }[],
  anchorSet: () => ReturnType<MeasuredBatches['anchorSet']>,
): WatchReport['newest'] {
  const newest = known.at(-1);
  if (!newest) return null;
  const { rare, common } = newest.found.uncovered;
  const earlier = known
    .slice(0, -1)
    .map(({ found: { uncovered } }) => new Set([...uncovered.rare, ...uncovered.common]));
  // Rows are of the same set in every batch: measurements of other real images are not kept.
  const isLost = (row: number): boolean =>
    earlier.length === 0 || earlier.some((uncovered) => !uncovered.has(row));
  const [lostRare, lostCommon] = [rare.filter(isLost), common.filter(isLost)];
  const { sha256, path, label } = anchorSet();
  const shown = (isRare: boolean) => (row: number) => ({
    sha256: sha256[row]!,
    path: path[row]!,
    label: label[row]!,
    isRare,
  });
  return {
    batch: newest.name,
    vanishing: {
      images: lostRare.length + lostCommon.length,
      rare: lostRare.length,
      of: sha256.length,
      shown: [...lostRare.map(shown(true)), ...lostCommon.map(shown(false))].slice(0, MOST_SHOWN),
    },
    frequent: newest.found.clusters.frequent,
  };
}

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
