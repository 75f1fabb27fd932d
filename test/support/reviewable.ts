import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskRequest } from '../../rpc/contract/jobs.ts';
import type { DecisionInput, DecisionResult } from '../../rpc/contract/reviews.ts';
import { runTask } from '../../rpc/run-task.ts';
import type { CoreClient } from '../../rpc/transport/client.ts';
import { writeDataset } from './dataset.ts';

/** Answers items of a queue (the newest one) in its review: each at its place in the reviewer's own order. */
export async function answerItems(
  core: CoreClient,
  { project, by, queue }: { project: string; by: string; queue?: number },
  answers: DecisionInput[],
): Promise<DecisionResult> {
  const id = queue ?? (await core.queue.list({ project }))[0]!.id;
  const images = answers.map(({ sha256 }) => sha256);
  const places = await core.reviews.places({ project, by, queue: id, images });
  const decisions = answers.map((answer, i) =>
    answer.verdict === 'undo' ? answer : { place: places[i] ?? undefined, ...answer },
  );
  return core.reviews.decide({ project, by, context: { kind: 'review', queue: id }, decisions });
}

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
