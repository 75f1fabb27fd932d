import type { BatchOverview, Overview } from '../../rpc/contract/projects.ts';
import { fileCounts } from '../measure/file-counts.ts';
import { pairCounts, ruleOfCopy } from '../measure/flagged.ts';
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
  for (const { batchId, rule, answer, images: count } of pairCounts(project))
    if (answer !== 'not-a-copy') add(batchId, rule, count);
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
