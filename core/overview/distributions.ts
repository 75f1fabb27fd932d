import { PACK } from '../../db/queries/explore.ts';
import { eachValue, inPages } from '../base/pages.ts';
import type { BatchOverview } from '../../rpc/contract/projects.ts';
import type { Project } from '../project/project.ts';

/** The scores that summarise a batch best: label quality, novelty, sharpness, repetition. */
const SHOWN = ['self-confidence', 'entropy', 'novelty-class', 'isolation', 'near-duplicate', 'blurry'];
const BINS = 20;

type Distributions = Map<number, BatchOverview['distributions']>;

const cache = new WeakMap<Project, { key: string; found: Promise<Distributions> }>();

/**
 * Returns histograms of the newest run's main scores by batch id, over 20 equal bins between the score's smallest and
 * largest value in the project, the last bin closed. Read once per run and import (about a second per million images),
 * yielding to other queries.
 */
export function distributionsOf(project: Project): Promise<Distributions> {
  const { overview, scores } = project.store;
  const run = scores.runs().at(-1)?.id ?? 0;
  const key = `${run} ${overview.newestFile()}`;
  const known = cache.get(project);
  if (known?.key === key) return known.found;
  const found = read(project, run);
  cache.set(project, { key, found });
  // Not cached after a failure: the next query reads again.
  found.catch(() => cache.delete(project));
  return found;
}

async function read({ store }: Project, run: number): Promise<Distributions> {
  const { explore, scores } = store;
  const images = explore.images();
  const batchOf = new Uint32Array(images + 1);
  if (run > 0)
    await inPages(0, images, (after, upTo) => {
      for (const [i, home] of explore.homes(after, upTo).entries())
        batchOf[after + 1 + i] = Math.floor(home / PACK);
    });
  const found: Distributions = new Map(explore.batches().map(({ id }) => [id, []]));
  const idOf = new Map(scores.names().map(({ id, name }) => [name, id]));
  const values = new Float64Array(images + 1);
  for (const score of SHOWN) {
    const id = idOf.get(score);
    if (id === undefined || !explore.hasScore(run, id)) continue;
    values.fill(Number.NaN);
    let min = Infinity;
    let max = -Infinity;
    await inPages(0, images, (after, upTo) => {
      eachValue(
        [after, upTo],
        explore.score(run, id, after, upTo),
        () => explore.scoreIds(run, id, after, upTo),
        (image, value) => {
          values[image] = value;
          min = Math.min(min, value);
          max = Math.max(max, value);
        },
      );
    });
    for (const [batch, counts] of countByBatch(values, batchOf, min, max))
      found.get(batch)?.push({ score, min, max, counts });
  }
  return found;
}

function countByBatch(
  values: Float64Array,
  batchOf: Uint32Array,
  min: number,
  max: number,
): Map<number, number[]> {
  const byBatch = new Map<number, number[]>();
  const scale = max > min ? BINS / (max - min) : 0;
  for (let image = 1; image < values.length; image++) {
    const value = values[image]!;
    if (Number.isNaN(value)) continue;
    let counts = byBatch.get(batchOf[image]!);
    if (!counts) byBatch.set(batchOf[image]!, (counts = Array.from({ length: BINS }, () => 0)));
    counts[Math.min(BINS - 1, Math.floor((value - min) * scale))]!++;
  }
  return byBatch;
}
