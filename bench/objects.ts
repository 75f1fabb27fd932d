import { join } from 'node:path';
import { runTask } from '../rpc/run-task.ts';
import { ACTOR, timed, type BenchContext } from './context.ts';
import { streets, syntheticFiles, type DataSet } from './data-sets.ts';
import { decodeStage, inferenceRate } from './limits.ts';
import { runMainJob, type BenchCore } from './main-job.ts';
import type { Recall } from './recall.ts';
import { measureRecall } from './recall-run.ts';
import { number, percent, type Table } from './report.ts';

/** The first seed is what the judgement of objects was chosen on; the others are for the report only. */
const SEEDS = [1, 7, 8] as const;

export interface ObjectRates {
  set: string;
  images: number;
  /** Crops that were looked at: objects, and real ones with a fault put into their box. */
  crops: number;
  scoreSeconds: number;
  /** The same again, with every crop known. */
  againSeconds: number;
  /** Decoding all images and running the model on all crops, each alone. */
  limitSeconds: number;
  recall: Recall;
}

/** Scores streets with known faults of their objects, and holds the queue against those. */
export async function measureObjects(
  bench: BenchContext,
  core: BenchCore,
  synthetic: number,
): Promise<ObjectRates[]> {
  const rates: ObjectRates[] = [];
  for (const seed of bench.quick ? SEEDS.slice(0, 1) : SEEDS)
    rates.push(await measureSet(bench, core, await streets(bench, core.client, synthetic, seed)));
  return rates;
}

async function measureSet(bench: BenchContext, core: BenchCore, set: DataSet): Promise<ObjectRates> {
  bench.say(`${set.name}: import and score …`);
  const job = await runMainJob(bench, core, set, set.name);
  const { project } = job;
  const again = await timed(() =>
    runTask(core.client, 'score', { project, by: ACTOR, model: bench.model }, { signal: bench.signal }),
  );
  const { store } = core.workbench.open(project, 'read');
  const crops = store.objects.vectorCount();
  const images = job.run.images;
  const pack = await core.workbench.pack(bench.model);
  const root = join(set.root, 'synthetic');
  const thumbs = join(bench.workFolder, 'thumbs-objects');
  const stage = await decodeStage(core.workbench.pool, pack, root, syntheticFiles(set), thumbs, bench.signal);
  const inference = await inferenceRate(await core.workbench.inference(), stage.tensors, bench.signal);
  const recall = await measureRecall(core, job);
  await core.client.projects.close({ project });
  return {
    set: set.name,
    images,
    crops,
    scoreSeconds: job.scoreSeconds,
    againSeconds: again.seconds,
    limitSeconds: images / stage.perSecond + crops / inference,
    recall,
  };
}

export function objectsTable({
  set,
  images,
  crops,
  scoreSeconds,
  againSeconds,
  limitSeconds,
}: ObjectRates): Table {
  const looking = scoreSeconds - againSeconds;
  return {
    title: `Objects: ${set}, ${number(images)} images, ${number(crops)} crops`,
    columns: ['', 'seconds', 'crops per second'],
    rows: [
      ['score, every crop new', number(scoreSeconds), ''],
      ['score again, every crop known', number(againSeconds), ''],
      ['the difference: looking at crops', number(looking), number(crops / looking)],
      ['limit: decode and inference alone', number(limitSeconds), number(crops / limitSeconds)],
    ],
    notes: [`Looking at crops reaches ${percent(limitSeconds / looking)} of its limit.`],
  };
}
