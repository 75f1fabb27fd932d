import type { Project } from '../project/project.ts';
import { sampleWithoutReplacement, streamOf } from '../base/numeric/random.ts';
import { goldCount } from './order.ts';

/** As many images as four reviewers' orders hold: two reviewers share few, so that they cannot warn each other. */
const ORDERS = 4;

/**
 * Real images whose label can be trusted, to draw gold items for a queue of `items` from: their label was confirmed by
 * a person (accepted, and it still holds), or nobody decided on them and the run's model, which had not seen them when
 * it judged them, agrees with it. None of the queue's own images. By lot from the queue's seed; empty where there are
 * none.
 */
export function goldPool(
  project: Project,
  facts: { run: number; seed: number; items: number; goldRate: number; queued: ReadonlySet<number> },
): { sha256: string; label: string }[] {
  const { store } = project;
  const wanted = ORDERS * goldCount(facts.items, facts.goldRate);
  if (wanted === 0) return [];
  const names = store.batches.labelNames();
  const real = [...store.review.labelledReal()].filter(({ imageId }) => !facts.queued.has(imageId));
  const pool: { sha256: string; label: string }[] = [];
  for (const row of sampleWithoutReplacement(streamOf(facts.seed, 'gold'), real.length, real.length)) {
    const { imageId, sha256, labelId } = real[row]!;
    const label = names.get(labelId)!;
    const verdict = store.decisions.verdict(imageId)?.verdict;
    const trusted = verdict
      ? verdict === 'accept'
      : store.scores.prediction(facts.run, imageId)?.label === label;
    if (trusted) pool.push({ sha256, label });
    if (pool.length === wanted) break;
  }
  return pool;
}
