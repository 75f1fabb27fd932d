import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CoreClient } from '../../rpc/transport/client.ts';
import { writeDataset } from './dataset.ts';

/** Runs a long call to its end, through whatever carries it. */
export async function toTheEnd<R>(call: Promise<AsyncIterator<unknown, R>>): Promise<R> {
  const stream = await call;
  for (;;) {
    const step = await stream.next();
    if (step.done) return step.value;
  }
}

type Queue = Parameters<CoreClient['queue']['make']>[0];

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
    await toTheEnd(core.imports.start({ project, by, from: join(set.folder, role), role }));
  await toTheEnd(core.scores.run({ project, by }));
  await core.queue.make({ project, by, budget: { share: 1 }, everything: true, ...queue });
  return project;
}
