import { join } from 'node:path';
import type { Workbench } from '../core/handlers/workbench.ts';
import type { ImportSummary } from '../rpc/contract/imports.ts';
import type { RunSummary } from '../rpc/contract/scores.ts';
import { runTask } from '../rpc/run-task.ts';
import type { CoreClient } from '../rpc/transport/inproc.ts';
import { ACTOR, timed, type BenchContext } from './context.ts';
import type { DataSet } from './data-sets.ts';

/** A set imported and scored in a project of its own, and how long the parts that grow with the batch took. */
export interface MainJob {
  set: DataSet;
  /** The project's folder. */
  project: string;
  imported: ImportSummary;
  run: RunSummary;
  importSeconds: number;
  scoreSeconds: number;
}

/** An in-process core: the client that every host uses, and what stands behind it. */
export interface BenchCore {
  client: CoreClient;
  workbench: Workbench;
}

/**
 * Makes the project `name` in the work folder, imports all three batches of a set under the names of their roles and
 * scores. Times the import of the synthetic batch and the scoring, after the other imports have warmed the processes
 * up.
 */
export async function runMainJob(
  bench: BenchContext,
  { client }: BenchCore,
  set: DataSet,
  name: string,
): Promise<MainJob> {
  const { model, signal, progress } = bench;
  const project = join(bench.workFolder, `${name}.assay`);
  await client.projects.create({ project, by: ACTOR });
  const importBatch = (role: 'real' | 'holdout' | 'synthetic'): Promise<ImportSummary> =>
    runTask(
      client,
      'import',
      { project, by: ACTOR, from: join(set.root, role), role, batch: role, model },
      { signal, report: progress },
    );
  await importBatch('real');
  await importBatch('holdout');
  const importing = await timed(() => importBatch('synthetic'));
  const scoring = await timed(() =>
    runTask(client, 'score', { project, by: ACTOR, model }, { signal, report: progress }),
  );
  return {
    set,
    project,
    imported: importing.value,
    run: scoring.value,
    importSeconds: importing.seconds,
    scoreSeconds: scoring.seconds,
  };
}

/** Every file of the batch that the import judged, broken ones included. */
export function filesOf({ imported }: MainJob): number {
  return imported.added + imported.broken.length;
}
