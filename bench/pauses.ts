import { join } from 'node:path';
import type { TaskKind, TaskRequest } from '../rpc/contract/jobs.ts';
import { runTask } from '../rpc/run-task.ts';
import { makeHugeProject } from '../test/support/huge-project.ts';
import { ACTOR, timed, type BenchContext } from './context.ts';
import type { BenchCore } from './main-job.ts';
import { number, type Table } from './report.ts';

/** Images in the largest bulk action. */
const LARGEST_ACT = 100_000;

interface Pause {
  what: string;
  seconds: number;
  /** Longest time in which the core answered nobody. */
  longestMs: number;
}

export interface Pauses {
  images: number;
  pauses: Pause[];
}

/** How long tasks over very many rows keep the core from answering. */
export async function measurePauses(
  bench: BenchContext,
  { client }: BenchCore,
  images: number,
): Promise<Pauses> {
  bench.say(`Pauses: making a project of ${images} images …`);
  const folder = join(bench.workFolder, 'pauses');
  const project = await makeHugeProject(folder, { images, dimensions: 16 });
  await client.projects.open({ project });
  const pauses: Pause[] = [];
  const watch = async (what: string, act: () => Promise<unknown>): Promise<void> => {
    bench.say(`Pauses: ${what} …`);
    pauses.push({ what, ...(await longestPause(act)) });
  };
  const run = <K extends TaskKind>(kind: K, input: TaskRequest<K>) =>
    runTask(client, kind, input, { signal: bench.signal });
  await watch('verify', () => run('verify', { project, originals: false }));
  await watch('make a queue of 8 %', () => run('queue', { project, by: ACTOR, budget: { share: 0.08 } }));
  const labels = images > LARGEST_ACT ? ['part-01', 'part-02'] : ['part-01'];
  const { view, total } = await client.images.query({ project, filter: { roles: ['synthetic'], labels } });
  const bulk = { project, by: ACTOR, view, expected: total, verdict: 'accept' as const };
  await watch(`decide on ${number(total)} images`, () => run('decide-view', bulk));
  await watch('take that back', () => client.reviews.undo({ project, by: ACTOR }));
  await watch('measure a report', () => run('report', { project }));
  await client.projects.close({ project });
  return { images, pauses };
}

/** The longest time between two turns of the event loop while `act` runs. */
async function longestPause(act: () => Promise<unknown>): Promise<Omit<Pause, 'what'>> {
  let last = performance.now();
  let longestMs = 0;
  let isRunning = true;
  const turn = (): void => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - last);
    last = now;
    if (isRunning) setTimeout(turn, 1);
  };
  turn();
  try {
    const { seconds } = await timed(act);
    turn();
    return { seconds, longestMs };
  } finally {
    isRunning = false;
  }
}

export function pausesTable({ images, pauses }: Pauses): Table {
  return {
    title: `Pauses of the core: ${number(images)} images`,
    columns: ['task', 'seconds', 'longest pause, ms'],
    rows: pauses.map(({ what, seconds, longestMs }) => [what, number(seconds), number(longestMs)]),
    notes: [
      `The longest time in which the core answered nobody, of a decision or a screen. This project's tables are filled without their events, so verify ends when it replays them.`,
    ],
  };
}
