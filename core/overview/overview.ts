import type { BatchOverview, Overview } from '../../rpc/contract/projects.ts';
import { fileCounts } from './file-counts.ts';
import { ruleOfCopy } from './flagged.ts';
import type { Project } from '../project/project.ts';
import { projectStatus } from './status.ts';
import { attentionOf } from './attention.ts';
import { distributionsOf } from './distributions.ts';

/** Describes a project's state. */
export async function projectOverview(project: Project): Promise<Overview> {
  const distributions = await distributionsOf(project);
  const status = projectStatus(project);
  const batches = batchesOf(project, distributions);
  return { status, batches, attention: attentionOf(project, status) };
}

function batchesOf(
  project: Project,
  distributions: Map<number, BatchOverview['distributions']>,
): BatchOverview[] {
  const { store } = project;
  const { batches, copies, images: counts } = fileCounts(store);
  const images = new Map(counts.map((row) => [row.batch, row.images]));
  const queued = new Map(store.overview.queued().map((row) => [row.batchId, row]));
  const changed = new Map(store.overview.changed().map((row) => [row.batchId, row.changed]));
  const flagged = new Map<number, BatchOverview['flagged']>(
    batches.map(({ id, broken }) => [id, broken > 0 ? { broken } : {}]),
  );
  const add = (batch: number, rule: keyof BatchOverview['flagged'], count: number): void => {
    const found = flagged.get(batch);
    if (found) found[rule] = (found[rule] ?? 0) + count;
  };
  for (const { batchId, rule, images: count } of flaggedOf(project)) add(batchId, rule, count);
  const duplicates = new Map<number, BatchOverview['duplicates']>(batches.map(({ id }) => [id, {}]));
  for (const { batchId, homeRole, role, files } of copies) {
    const found = duplicates.get(batchId);
    const rule = ruleOfCopy(homeRole, role);
    if (found) found[rule] = (found[rule] ?? 0) + files;
  }
  return batches.map(({ id, name, role, files, broken, generator, generation, parents }) => ({
    name,
    role,
    files,
    broken,
    generator,
    generation,
    parents,
    images: images.get(name) ?? 0,
    flagged: flagged.get(id) ?? {},
    duplicates: duplicates.get(id) ?? {},
    queued: queued.get(id)?.queued ?? 0,
    reviewed: queued.get(id)?.reviewed ?? 0,
    changed: changed.get(id) ?? 0,
    distributions: distributions.get(id) ?? [],
  }));
}

type FlaggedCounts = ReturnType<Project['store']['overview']['flagged']>;

const flaggedCache = new WeakMap<Project, { key: string; counts: FlaggedCounts }>();

/** Distributions of the newest run; a new file may move an image to another batch. */
function flaggedOf(project: Project): FlaggedCounts {
  const { overview, scores } = project.store;
  const run = scores.runs().at(-1)?.id ?? 0;
  const key = `${run} ${overview.newestFile()}`;
  const known = flaggedCache.get(project);
  if (known?.key === key) return known.counts;
  const counts = overview.flagged(run);
  flaggedCache.set(project, { key, counts });
  return counts;
}
