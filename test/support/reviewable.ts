import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskRequest } from '../../rpc/contract/jobs.ts';
import { runTask } from '../../rpc/run-task.ts';
import type { CoreClient } from '../../rpc/transport/client.ts';
import { writeDataset } from './dataset.ts';

type Queue = TaskRequest<'queue'>;

/** Makes a scored project with a queue of its synthetic images, and the pictures beside it. Its folder. */
export async function makeReviewable(
  core: CoreClient,
  path: string,
  synthetic: number,
  queue: Partial<Queue> = {},
): Promise<string> {
  rmSync(`${path}-set`, { recursive: true, force: true });
  const set = await writeDataset(`${path}-set`, synthetic);
  const by = 'ada';
  const { folder: project } = await core.projects.create({ project: path, by });
  for (const role of ['real', 'holdout', 'synthetic'] as const)
    await runTask(core, 'import', { project, by, from: join(set.folder, role), role });
  await runTask(core, 'score', { project, by });
  await runTask(core, 'queue', { project, by, budget: { share: 1 }, everything: true, ...queue });
  return project;
}
