import { createHash } from 'node:crypto';
import type { ExperimentRow } from '../../../db/queries/experiments.ts';
import type { Store } from '../../../db/store.ts';
import type { Kernels } from '../../../models/types.ts';
import type { Experiment, ExperimentInfo, ExperimentResults } from '../../../rpc/contract/experiments.ts';
import { AssayError } from '../../../rpc/errors.ts';
import type { TaskContext } from '../../../rpc/progress.ts';
import { record } from '../../ledger/ledger.ts';
import type { Project, WritableProject } from '../../project/project.ts';
import { analyse } from './analyse.ts';
import { planArms } from './arms.ts';
import { experimentData, type ProjectData } from './data.ts';
import { classJudge } from './judge.ts';
import { trainGrid, type Options } from './grid.ts';
import { overallVerdict } from './verdict.ts';

/** Trains and measures the whole grid. Records nothing. Throws what `experimentData` throws, and for ratios without any synthetic image. */
export async function runExperiment(
  project: Project,
  options: Options,
  task: TaskContext,
  kernels: () => Promise<Kernels>,
): Promise<ExperimentResults> {
  task.progress({ stage: 'reading embeddings', done: 0, total: 1, unit: 'sets' });
  const data = await experimentData(project, options, task.signal);
  const { arms, impossible } = planOf(data, options);
  const learnt = await trainGrid(data, arms, options, await kernels(), task);
  const learners = learnt.map(({ learner, penalty, answers }, at) => {
    const who = { learner, isOwn: false, penalty };
    const judge = classJudge(data.holdout.labels, data.classes.length);
    return analyse(who, arms, answers, judge, options, (draw) =>
      task.progress({
        stage: 'measuring',
        done: at * options.draws + draw,
        total: learnt.length * options.draws,
        unit: 'draws',
      }),
    );
  });
  return assembled({ options: optionsOf(options), ...summaryOf(data), impossible }, learners);
}

/** The grid of an experiment on some data: verified first, or as generated alone where nothing is reviewed. */
export function planOf(data: ProjectData, options: Pick<Options, 'ratios' | 'sizes' | 'seeds' | 'pairs'>) {
  const plan = planArms(poolsOf(data), options, data.isReviewed ? ['verified', 'generated'] : ['generated']);
  if (!plan.arms.some(({ source }) => source !== null))
    throw new AssayError(
      'INVALID_INPUT',
      'No arm of this grid has synthetic images: name a ratio below 100:0 (--ratios), larger sizes (--sizes), or import more images.',
    );
  return plan;
}

const countOf = (labels: Int32Array): number => labels.filter((label) => label >= 0).length;

const poolsOf = ({ real, synthetic }: ProjectData) => ({
  real: real.labels.length,
  generated: countOf(synthetic.generated),
  verified: countOf(synthetic.verified),
});

/** What of the options bears on the results. */
export const optionsOf = ({
  ratios,
  sizes,
  seeds,
  pairs,
  margin,
  seed,
  draws,
  most,
  ahead,
}: ExperimentResults['options']): ExperimentResults['options'] => ({
  ratios,
  sizes,
  seeds,
  pairs,
  margin,
  seed,
  draws,
  most,
  ahead,
});

/** What an experiment is made of, in numbers. */
export const summaryOf = (data: ProjectData): Pick<ExperimentResults, 'model' | 'data'> => ({
  model: data.model,
  data: {
    classes: data.classes,
    ...poolsOf(data),
    holdout: data.holdout.labels.length,
    soft: { real: data.real.soft.size, synthetic: data.synthetic.soft.size },
    leftOut: data.leftOut,
  },
});

/** What learners found, with what it was found on. */
export function assembled(
  { options, model, data, impossible }: Pick<ExperimentResults, 'options' | 'model' | 'data' | 'impossible'>,
  learners: ExperimentResults['learners'],
): ExperimentResults {
  const verdict = overallVerdict(learners, data.holdout, options.margin);
  return rounded({ format: 'assay-experiment-1', options, model, data, impossible, learners, verdict });
}

/** Numbers to six digits: what is beyond them is no finding. */
function rounded<T>(value: T): T {
  if (typeof value === 'number') return (Number.isInteger(value) ? value : Number(value.toPrecision(6))) as T;
  if (Array.isArray(value)) return value.map(rounded) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rounded(item as unknown)])) as T;
}

/** Puts results on record, with the digest of their text. */
export function recordExperiment(
  { store }: WritableProject,
  actor: string,
  results: ExperimentResults,
  predictions: ExperimentInfo['predictions'],
): Experiment {
  const text = JSON.stringify(results);
  record(store, actor, 'experiment.recorded', {
    digest: createHash('sha256').update(text).digest('hex'),
    results: text,
    predictions: predictions ?? undefined,
  });
  return experimentOf(store.experiments.all()[0]!);
}

/** Every experiment, the newest first. */
export const listExperiments = (store: Store): ExperimentInfo[] =>
  store.experiments.all().map((row) => {
    const { results: _, ...info } = experimentOf(row);
    return info;
  });

/** One by its number, else the newest; null where there is none at all. Throws `NOT_FOUND` for a number without one. */
export function experimentNumber(store: Store, id: number | null): Experiment | null {
  const rows = store.experiments.all();
  const row = id === null ? rows[0] : rows.find((each) => each.id === id);
  if (row) return experimentOf(row);
  if (id === null) return null;
  throw new AssayError(
    'NOT_FOUND',
    `There is no experiment ${id}; there ${rows.length === 0 ? 'is none yet (assay experiment)' : `are 1 to ${rows.length}`}.`,
  );
}

function experimentOf({ id, at, by, digest, name, sha256, results: text }: ExperimentRow): Experiment {
  const results = JSON.parse(text) as ExperimentResults;
  return {
    id,
    at,
    by,
    digest,
    predictions: name === null ? null : { name, sha256: sha256! },
    holdout: results.data.holdout,
    verdict: results.verdict,
    results,
  };
}
