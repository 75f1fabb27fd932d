import { existsSync, rmSync } from 'node:fs';
import { scores } from '../../core/measure/scores/registry.ts';
import type { BenchContext } from '../context.ts';
import { runMainJob, type BenchCore, type MainJob } from '../main-job.ts';
import { observe } from '../recall-run.ts';
import { madeOnce } from './cache.ts';
import { CLEAN_SOURCES, cleanFiles, cleanWorld } from './clean.ts';
import { evaluateRound, type Column, type RoundFigures } from './evaluate.ts';
import { worldFigures, type WorldFigures } from './figures.ts';
import { purposeOf, WORLDS, type WorldId } from './lists.ts';
import { AMOUNTS, planRounds, type Amounts } from './plan.ts';
import { isCopy, readTruth, writeRound } from './round.ts';

/** Worlds that are always there: what is foreign in one comes from two others. */
const DRAWN: readonly WorldId[] = ['drawings', 'solids', 'garments', 'patterns'];
const STRANGERS = { real: 4, holdout: 4, synthetic: 60 };
const ROUND_SOURCES = [
  ...CLEAN_SOURCES,
  'imaging/faults/*.ts',
  'bench/judgement/{plan,round,annotators,pictures,lists}.ts',
];

/** Judges the worlds asked for, one after the other. One that fails does not stop the others. */
export async function judgeWorlds(
  bench: BenchContext,
  core: BenchCore,
  { figures, skipped }: { figures: { judgement: WorldFigures[] }; skipped: string[] },
  attempt: (what: string, act: () => Promise<void>) => Promise<void>,
): Promise<void> {
  for (const world of bench.worlds)
    await attempt(`judgement of ${world}`, async () => {
      const judged = await judgeWorld(bench, core, world);
      if ('why' in judged) skipped.push(`judgement of ${world}: ${judged.why}`);
      else figures.judgement.push(judged);
    });
}

/** Judges one world in all its rounds. Says why where it cannot be made here. */
export async function judgeWorld(
  bench: BenchContext,
  core: BenchCore,
  world: WorldId,
  amounts: Amounts = AMOUNTS[bench.quick ? 'quick' : 'full'],
): Promise<WorldFigures | { why: string }> {
  const clean = await cleanWorld(bench, world, amounts.clean);
  if ('why' in clean) return clean;
  const rounds: { noisySeed: boolean; figures: RoundFigures }[] = [];
  for (const plan of planRounds(world, amounts.rounds, isCopy)) {
    const name = `${world}-${amounts.batch}-round-${plan.round + 1}`;
    const made = await madeOnce(bench, name, ROUND_SOURCES, async (folder) => {
      await writeRound(folder, world, clean.folder, await strangersOf(bench, world), plan, amounts);
      return null;
    });
    if ('why' in made) return made;
    bench.say(`${world}, round ${plan.round + 1}: import, score and queue …`);
    const job = await runMainJob(bench, core, { name: world, root: made.folder }, name);
    const seen = { ...(await observe(core, job)), scores: columnsOf(core, job) };
    rounds.push({ noisySeed: plan.seedNoise > 0, figures: evaluateRound(seen, readTruth(made.folder)) });
    await core.client.projects.close({ project: job.project });
    if (existsSync(job.project)) rmSync(job.project, { recursive: true });
  }
  return worldFigures(world, rounds, bench.chooseOnly);
}

async function strangersOf(bench: BenchContext, world: WorldId): Promise<string[]> {
  const purpose = purposeOf(WORLDS, world);
  const files: string[] = [];
  // What is foreign to a world that is chosen on must show nothing of those that are reported on.
  for (const other of DRAWN.filter((id) => id !== world && WORLDS[purpose].includes(id as never))) {
    const drawn = await cleanWorld(bench, other, STRANGERS);
    if ('folder' in drawn) files.push(...[...cleanFiles(drawn.folder, 'synthetic').values()].flat());
  }
  return files;
}

function columnsOf({ workbench }: BenchCore, { project, run }: MainJob): Map<string, Column> {
  const { store } = workbench.open(project, 'read');
  const paths = new Map<number, string>();
  for (const { id, role, batch, path } of store.images.homes())
    if (role === 'synthetic') paths.set(id, `${batch}/${path}`);
  const columns = new Map<string, Column>();
  for (const [id, { suspect }] of scores) {
    const values = new Map<string, number>();
    for (const { imageId, value } of store.scores.column(run.run, id)) {
      const path = paths.get(imageId);
      if (path !== undefined) values.set(path, value);
    }
    if (values.size > 0) columns.set(id, { suspect, values });
  }
  return columns;
}
