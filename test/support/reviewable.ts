import { join } from 'node:path';
import type { TaskRequest } from '../../rpc/contract/jobs.ts';
import type { DecisionInput, DecisionResult } from '../../rpc/contract/reviews.ts';
import { runTask } from '../../rpc/run-task.ts';
import type { CoreClient } from '../../rpc/transport/client.ts';
import { writeDataset, type Dataset } from './dataset.ts';
import { madeOnce } from './made-once.ts';

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

interface Scored {
  /** Its folder. */
  project: string;
  /** What it was imported from. */
  set: Dataset;
}

/** Makes a scored project of a known set (`dataset.ts`), and the pictures beside it. */
export async function makeScored(core: CoreClient, path: string, synthetic: number): Promise<Scored> {
  const set = await writeDataset(`${path}-set`, synthetic);
  const by = 'ada';
  const { folder: project } = await core.projects.create({ project: path, by });
  for (const role of ['real', 'holdout', 'synthetic'] as const)
    await runTask(core, 'import', { project, by, from: join(set.folder, role), role });
  await runTask(core, 'score', { project, by });
  return { project, set };
}

/** The same, made once and copied. A test that changes the pictures uses `makeScored`. */
export async function copyScored(path: string, synthetic: number): Promise<Scored> {
  const { project, result } = await madeOnce(`scored-${synthetic}`, path, (core, original) =>
    makeScored(core, original, synthetic),
  );
  return { project, set: result.set };
}

/** A scored project with a queue of its synthetic images. Its folder. */
export async function makeReviewable(
  core: CoreClient,
  path: string,
  synthetic: number,
  queue: Partial<Queue> = {},
): Promise<string> {
  const { project } = await copyScored(path, synthetic);
  await runTask(core, 'queue', { project, by: 'ada', budget: { share: 1 }, everything: true, ...queue });
  return project;
}
