import type { Estimate, ProjectStatus } from '../rpc/contract/projects.ts';
import { fileCounts, imagesByRole } from './file-counts.ts';
import { flaggedCounts } from './flagged.ts';
import { estimateRest } from './review/audit.ts';
import type { Project } from './project.ts';

const CONFIDENCE = 0.95;
/** A policy, not a law: 30 to 40 % real in what is trained on, alarm under 20 %. */
const REAL_SHARE = { target: 0.3, alarm: 0.2 };

/** Everything that `assay status` and the overview show of a project. */
export function projectStatus(project: Project): ProjectStatus {
  const { store } = project;
  const images = imagesByRole(store);
  const run = store.scores.runs().at(-1);
  const queue = store.queue.last();
  const strata = queue ? store.queue.strata(queue.id) : [];
  const last = store.events.last()!;
  const estimate = estimateOf(project);
  const { name, createdAt } = store.batches.project()!;
  return {
    project: { name, folder: project.folder, createdAt },
    batches: fileCounts(store).batches.map(
      ({ name: batch, role, files, broken, generator, generation, parents }) => ({
        name: batch,
        role,
        files,
        broken,
        generator,
        generation,
        parents,
      }),
    ),
    images,
    classes: store.batches.labels().map((label) => label.name),
    realShare: realShare(images),
    run: run ? { id: run.id, model: run.modelId, device: run.device, images: run.images } : null,
    flagged: flaggedCounts(project),
    queue: queue
      ? {
          id: queue.id,
          items: strata.reduce((sum, part) => sum + part.items, 0),
          decided: strata.reduce((sum, part) => sum + part.decided, 0),
          strata,
        }
      : null,
    decisions: { ...store.decisions.counts(), entries: store.decisions.total() },
    estimate,
    estimateText: sentence(estimate),
    events: last.seq,
    head: last.hash,
  };
}

function realShare({ real, synthetic }: ProjectStatus['images']): ProjectStatus['realShare'] {
  if (real + synthetic === 0) return { share: null, verdict: 'unknown' };
  const share = real / (real + synthetic);
  return { share, verdict: share < REAL_SHARE.alarm ? 'alarm' : share < REAL_SHARE.target ? 'low' : 'good' };
}

/**
 * The estimate from the newest queue's audit slice. Skipped audit items were looked at and count as errors in the bound.
 * The items were drawn in random order and are shown in that order, so those answered so far are a random sample too.
 */
function estimateOf(project: Project): Estimate | null {
  const queue = project.store.queue.last();
  if (!queue) return null;
  const { answered, wrong, skipped } = project.store.queue.audit(queue.id);
  if (answered + skipped === 0) return null;
  return estimateRest({
    population: queue.rest,
    sampled: answered + skipped,
    errors: wrong,
    unsure: skipped,
    confidence: CONFIDENCE,
  });
}

function sentence(estimate: Estimate | null): string {
  if (!estimate)
    return 'Nothing can be said yet of the images that nobody reviewed: decide the audit items of the queue.';
  const { population, sampled, rateUpper, countUpper } = estimate;
  return `Of the ${population} images outside the ranked queue, at most ${(100 * rateUpper).toFixed(1)} % (${countUpper}) are wrong, with 95 % confidence: a random ${sampled} of them were looked at.`;
}
