import type { Task, TaskKind, TaskResults } from '../../rpc/contract/jobs.ts';
import type { ImportSummary } from '../../rpc/contract/imports.ts';
import type { RunSummary } from '../../rpc/contract/scores.ts';
import type { ReleaseSummary } from '../../rpc/contract/releases.ts';
import type { VerifyReport } from '../../rpc/contract/ledger.ts';
import type { TaskContext } from '../../rpc/progress.ts';
import { Embedder } from '../measure/embedding.ts';
import { importDataset } from '../import/imports.ts';
import { computeLayout } from '../explore/maps/layout.ts';
import { exportRelease } from '../release/releases.ts';
import { scoreProject } from '../measure/score-run.ts';
import { renderSample } from '../../sample/render-sample.ts';
import { makeSampleProject } from '../project/sample-project.ts';
import { verifyProject } from '../ledger/verify-project.ts';
import type { Project } from '../project/project.ts';
import type { Workbench } from '../project/workbench.ts';

type InputOf<K extends TaskKind> = Extract<Task, { kind: K }>['input'];
/** Opens what the task needs, or throws why that cannot be; the work itself begins with the call of what it returns. */
type Prepare<K extends TaskKind> = (
  workbench: Workbench,
  input: InputOf<K>,
) => (task: TaskContext) => Promise<TaskResults[K]>;

/** Everything long that the core can do, each as one function of its input. */
const TASKS: { [K in TaskKind]: Prepare<K> } = {
  import: prepareImport,
  score: prepareScore,
  release: prepareRelease,
  verify: prepareVerify,
  layout: (workbench, { project, layout, seed }) => {
    const opened = workbench.open(project, 'read');
    return (task) => computeLayout(opened, layout, seed, task);
  },
  'sample-set': (_workbench, input) => (task) => renderSampleSet(input, task),
  'sample-project':
    (workbench, { project, by }) =>
    (task) =>
      makeSampleProject(workbench, project, by, task),
};

/** The work of one task, ready to begin. Throws what its opening throws: `NOT_FOUND`, `PROJECT_LOCKED` and the like. */
export function prepareTask<K extends TaskKind>(
  workbench: Workbench,
  kind: K,
  input: InputOf<K>,
): (task: TaskContext) => Promise<TaskResults[K]> {
  return TASKS[kind](workbench, input);
}

function prepareImport(
  workbench: Workbench,
  { project: path, by, model, device, ...options }: InputOf<'import'>,
): (task: TaskContext) => Promise<ImportSummary> {
  const project = workbench.open(path, 'write');
  return async (task) => {
    const inference = (await workbench.inference()).withSignal(task.signal);
    const embedder = await Embedder.load(inference, await workbench.packOf('embedder', model), device);
    return importDataset(project, { ...options, actor: by }, workbench.pool, embedder, task);
  };
}

function prepareScore(
  workbench: Workbench,
  {
    project: path,
    by,
    model,
    classifier,
    device,
    seed,
    promptTemplates = [],
    prompts = [],
  }: InputOf<'score'>,
): (task: TaskContext) => Promise<RunSummary> {
  const project = workbench.open(path, 'write');
  return async (task) => {
    const inference = (await workbench.inference()).withSignal(task.signal);
    const packs = {
      embedder: await workbench.packOf('embedder', model),
      classifier: classifier === null ? null : await workbench.packOf('classifier', classifier),
    };
    const run = await scoreProject(
      project,
      workbench.pool,
      inference,
      { ...packs, device, seed, prompts: { templates: promptTemplates, prompts }, actor: by },
      task,
    );
    return { ...run, notes: [...run.notes, ...(await drawFirstMap(project, task))] };
  };
}

/** The run is on the record by now: a map that cannot be drawn, or is not waited for, is a note and no failure. */
async function drawFirstMap(project: Project, task: TaskContext): Promise<string[]> {
  try {
    await computeLayout(project, 'pca', 1, task);
    return [];
  } catch (error) {
    return [`the map was not drawn: ${(error as Error).message}`];
  }
}

function prepareRelease(
  workbench: Workbench,
  { project: path, by, ...options }: InputOf<'release'>,
): (task: TaskContext) => Promise<ReleaseSummary> {
  const project = workbench.open(path, 'write');
  return (task) => exportRelease(project, { ...options, actor: by }, task);
}

function prepareVerify(
  workbench: Workbench,
  input: InputOf<'verify'>,
): (task: TaskContext) => Promise<VerifyReport> {
  const project = workbench.open(input.project, 'read');
  return (task) => verifyProject(project, input, task);
}

function renderSampleSet(
  { to, seed, synthetic }: InputOf<'sample-set'>,
  task: TaskContext,
): Promise<TaskResults['sample-set']> {
  return renderSample({ folder: to, seed, size: synthetic === null ? 'small' : { synthetic }, ...task });
}
