import { analyse } from '../core/strategy/experiment/analyse.ts';
import { classJudge } from '../core/strategy/experiment/judge.ts';
import { planArms } from '../core/strategy/experiment/arms.ts';
import { trainGrid } from '../core/strategy/experiment/grid.ts';
import { InferenceProcess } from '../models/inference-process.ts';
import { ExperimentInput, learnerTitle, type LearnerId } from '../rpc/contract/experiments.ts';
import { simulate } from '../test/support/simulated-images.ts';
import { timed, type BenchContext } from './context.ts';
import { measureMixes, type MixRate } from './mix-rate.ts';
import { number, type Table } from './report.ts';

/** As the built-in embedder has. */
const DIMENSIONS = 256;
const HOLDOUT = 1000;

export interface StrategyRates {
  real: number;
  synthetic: number;
  learners: {
    learner: LearnerId;
    trainings: number;
    trainingSeconds: number;
    /** Metrics, bootstrap and tests. */
    measuringSeconds: number;
  }[];
  mixes: MixRate[];
}

/**
 * How long the default experiment on the ratio takes on simulated embeddings of a project with four times as many synthetic
 * images, and how fast a mix of `mixed` images is written.
 */
export async function measureStrategy(
  bench: BenchContext,
  real: number,
  mixed: number,
): Promise<StrategyRates> {
  const synthetic = 4 * real;
  bench.say(`Strategy: an experiment on ${real} real and ${synthetic} synthetic images …`);
  const options = ExperimentInput.parse({ project: '/none', by: 'bench', seed: 1 });
  const world = { classes: 10, dimensions: DIMENSIONS, apart: 4, labelNoise: 0.3, shift: 0.5 };
  const data = simulate({ ...world, real, synthetic, holdout: HOLDOUT }, 1);
  const verified = data.synthetic.verified.filter((label) => label >= 0).length;
  const { arms } = planArms({ real, generated: synthetic, verified }, options, ['verified', 'generated']);
  const kernels = await InferenceProcess.start({ signal: bench.signal });
  try {
    const learners: StrategyRates['learners'] = [];
    for (const learner of options.learners) {
      const training = await timed(() =>
        trainGrid(data, arms, { ...options, learners: [learner] }, kernels, bench),
      );
      const [{ penalty, answers }] = training.value as [(typeof training.value)[0]];
      const measuring = await timed(() =>
        analyse(
          { learner, isOwn: false, penalty },
          arms,
          answers,
          classJudge(data.holdout.labels, data.classes.length),
          options,
        ),
      );
      learners.push({
        learner,
        trainings: arms.reduce((sum, { seeds }) => sum + seeds, 0),
        trainingSeconds: training.seconds,
        measuringSeconds: measuring.seconds,
      });
    }
    return { real, synthetic, learners, mixes: await measureMixes(bench, mixed) };
  } finally {
    await kernels.close();
  }
}

export function strategyTables({ real, synthetic, learners, mixes }: StrategyRates): Table[] {
  return [
    {
      title: `Ratio experiment: ${number(real)} real and ${number(synthetic)} synthetic images, ${number(HOLDOUT)} hold-out images`,
      columns: ['learner', 'trainings', 'training, s', 'measuring, s'],
      rows: learners.map(({ learner, trainings, trainingSeconds, measuringSeconds }) => [
        learnerTitle(learner),
        number(trainings),
        number(trainingSeconds),
        number(measuringSeconds),
      ]),
    },
    {
      title: 'Writing a training mix',
      columns: ['form', 'images', 'MB', 's', 'images/s', 'MB/s'],
      rows: mixes.map(({ form, images, megabytes, seconds }) => [
        form,
        ...[images, megabytes, seconds, images / seconds, megabytes / seconds].map(number),
      ]),
    },
  ];
}
