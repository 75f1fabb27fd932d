import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import {
  LEARNERS,
  METRIC_WORDS,
  STANDING_WORDS,
  STAND_IN,
  armWords,
  experimentLeftLines,
  learnerTitle,
  metricsOf,
  primaryOf,
  ratiosOf,
  softWords,
  type Experiment,
  type LearnerId,
  type LearnerResult,
} from '../../rpc/contract/experiments.ts';
import { DEFAULT_SEED } from '../../rpc/contract/terms.ts';
import { counted, figure, integer, percent, uncapitalised } from '../../rpc/format.ts';
import { answer, command, table } from '../command.ts';
import { defaultActor, userPath } from '../session.ts';
import { wholeNumber } from './import.ts';
import { parseRate } from './queue.ts';

/** `100:0,80:20`, real first, as shares of real images. */
function ratios(text: string): number[] {
  const found = ratiosOf(text);
  if (found) return found;
  throw new InvalidArgumentError('give ratios of real to synthetic images such as 100:0,80:20,0:100');
}

/** `25%,50%,100%`. */
const shares = (text: string): number[] => text.split(',').map((part) => parseRate(part.trim()));

interface GridOptions {
  ratios?: number[];
  sizes?: number[];
  seeds?: number;
  pairs?: number;
  margin?: number;
  mostReal?: number;
  mostSynthetic?: number;
  nextReal?: number;
  nextSynthetic?: number;
  draws?: number;
  seed: number;
  by: string;
  json?: boolean;
}

/** Adds the options of the grid, and of how it is judged. */
const withGrid = (made: Command): Command =>
  made
    .option(
      '--ratios <list>',
      'real to synthetic (100:0,80:20,50:50,20:80,0:100); 100:0 is always measured',
      ratios,
    )
    .option('--sizes <list>', 'sizes as shares of the largest one (12.5%,25%,50%,100%)', shares)
    .option('--seeds <n>', 'trainings of each arm below the largest size (5)', wholeNumber)
    .option(
      '--pairs <n>',
      'trainings of each arm at the largest size, where arms are compared (10)',
      wholeNumber,
    )
    .option('--margin <share>', 'loss of accuracy, or mAP, that is still not inferior (2%)', parseRate)
    .option('--most-real <n>', 'real images that arms are drawn from, at most (5000)', wholeNumber)
    .option('--most-synthetic <n>', 'synthetic images that arms are drawn from, at most (20000)', wholeNumber)
    .option('--next-real <n>', 'further real labels to ask about (500)', wholeNumber)
    .option('--next-synthetic <n>', 'further synthetic images to ask about (5000)', wholeNumber)
    .option('--draws <n>', 'draws of the bootstrap (1000)', wholeNumber)
    .option('--seed <n>', 'draws the training sets', wholeNumber, DEFAULT_SEED)
    .option('--by <name>', 'who measures', defaultActor());

/** What those options ask for; what is not named keeps its default. */
const gridOf = ({ by, seed, ratios: wanted, sizes, seeds, pairs, margin, draws, ...rest }: GridOptions) => ({
  by,
  seed,
  ratios: wanted,
  sizes,
  seeds,
  pairs,
  margin,
  draws,
  most: { real: rest.mostReal ?? 5000, synthetic: rest.mostSynthetic ?? 20_000 },
  ahead: { real: rest.nextReal ?? 500, synthetic: rest.nextSynthetic ?? 5000 },
});

export function experimentCommand() {
  const experiment = new Command('experiment')
    .description('Measure ratios of real to synthetic images on the hold-out')
    .exitOverride();
  const sub = (made: Command): void => void experiment.addCommand(made.exitOverride());

  experiment.addCommand(
    withGrid(
      command(
        'run',
        'Train on each ratio of real to synthetic images, and measure on the real hold-out alone',
        'assay experiment parts\nassay experiment parts --ratios 100:0,70:30,50:50 --margin 1% --pairs 20',
      ).argument('<project>', 'the project'),
    )
      .addOption(new Option('--learners <names...>', 'what is trained (both)').choices(LEARNERS))
      .action((path: string, options: GridOptions & { learners?: LearnerId[] }) =>
        answer(options, async ({ run }) => {
          const input = { ...gridOf(options), learners: options.learners };
          const found = await run('experiment', { project: userPath(path), ...input });
          return { json: found, text: describeExperiment(found) };
        }),
      )
      .exitOverride(),
    { isDefault: true },
  );

  sub(
    withGrid(
      command(
        'export',
        'Write the training sets of the same grid, for a network that is trained elsewhere',
        'assay experiment export parts sets --ratios 100:0,50:50 --sizes 100%\nassay experiment export parts sets --boxes --ratios 100:0,50:50',
      )
        .argument('<project>', 'the project')
        .argument('<folder>', 'folder to be made'),
    )
      .option('--boxes', 'for a detector: images with boxes, which are written with them')
      .option('--licence <text>', 'the licence of the images', 'unspecified')
      .action((path: string, to: string, options: GridOptions & { boxes?: boolean; licence: string }) =>
        answer(options, async ({ run }) => {
          const { boxes, licence } = options;
          const input = { ...gridOf(options), to: userPath(to), boxes, licence };
          const written = await run('experiment-export', { project: userPath(path), ...input });
          const { folder, sets, arms, images, holdout, manifestSha256 } = written;
          const text = [
            `${counted(sets, 'training set')} of ${counted(arms, 'arm')} in ${folder}, from ${counted(images, 'image')}`,
            `To be predicted after each training: ${counted(holdout, 'hold-out image')} (holdout.jsonl); README.md says how`,
            `Manifest sha256 ${manifestSha256}`,
          ];
          return { json: written, text: text.join('\n') };
        }),
      ),
  );

  sub(
    command(
      'add',
      'Judge what your own network predicted after training on exported sets',
      'assay experiment add parts --sets sets --predictions predictions.csv --name resnet-18',
    )
      .argument('<project>', 'the project')
      .requiredOption('--sets <folder>', 'the exported training sets')
      .requiredOption(
        '--predictions <file>',
        '.csv, .jsonl or .parquet with set, image, and class or p_<class>; of boxes also bbox and score, or .json as COCO results',
      )
      .requiredOption('--name <name>', 'what the network is called')
      .option('--by <name>', 'who adds it', defaultActor())
      .action(
        (
          path: string,
          options: { sets: string; predictions: string; name: string; by: string; json?: boolean },
        ) =>
          answer(options, async ({ run }) => {
            const found = await run('experiment-add', {
              project: userPath(path),
              by: options.by,
              sets: userPath(options.sets),
              predictions: userPath(options.predictions),
              name: options.name,
            });
            return { json: found, text: describeExperiment(found) };
          }),
      ),
  );

  sub(
    command('list', 'List the experiments on record', 'assay experiment list parts')
      .argument('<project>', 'the project')
      .action((path: string, options: { json?: boolean }) =>
        answer(options, async ({ core }) => {
          const known = await core.experiments.list({ project: userPath(path) });
          const lines = known.map(
            ({ id, at, by, predictions, verdict }) =>
              `${id}  ${at.slice(0, 10)}  ${by}${predictions ? `, ${predictions.name}` : ''}: ${verdict[0] ?? ''}`,
          );
          return { json: known, text: lines.join('\n') || 'No experiment yet: assay experiment' };
        }),
      ),
  );

  sub(
    command(
      'show',
      'Show an experiment, the newest if no number is named',
      'assay experiment show parts\nassay experiment show parts 2 --html experiment-2.html',
    )
      .argument('<project>', 'the project')
      .argument('[number]', 'number of the experiment', wholeNumber)
      .option('--html <file>', 'write it as one page with its plots too')
      .action((path: string, id: number | undefined, options: { html?: string; json?: boolean }) =>
        answer(options, async ({ core }) => {
          const project = userPath(path);
          const found = await core.experiments.get({ project, id: id ?? null });
          const page =
            options.html === undefined ? null : await core.experiments.page({ project, id: id ?? null });
          if (page !== null) writeFileSync(userPath(options.html!), page);
          return {
            json: found,
            text: found ? describeExperiment(found) : 'No experiment yet: assay experiment',
          };
        }),
      ),
  );

  return experiment;
}

function describeExperiment({ id, digest, predictions, results }: Experiment): string {
  const { data, impossible, learners, verdict, options } = results;
  return [
    ...verdict,
    '',
    `Experiment ${id}: measured on ${counted(data.holdout, 'hold-out image')}; drawn from ${integer(data.real)} real images, ${integer(data.generated)} synthetic ones as generated, ${integer(data.verified)} as verified`,
    ...[softWords(data) ?? []].flat(),
    ...experimentLeftLines(data.leftOut),
    ...impossible.map(
      (arm) =>
        `Not measured: ${armWords(arm)}, which needs ${integer(arm.needs)} synthetic images of ${integer(arm.has)}`,
    ),
    ...learners.flatMap((learner) => ['', ...describeLearner(learner)]),
    '',
    predictions ? `Predictions of ${predictions.name}, sha256 ${predictions.sha256}` : STAND_IN,
    `Margin ${(100 * options.margin).toFixed(1)} points, seed ${options.seed}; sha256 of the results ${digest}`,
  ].join('\n');
}

/** What a learner says, with the arms that verdicts are on. */
function describeLearner(result: LearnerResult): string[] {
  const { learner, arms: every, verdict, verdicts, control } = result;
  const metrics = metricsOf(result);
  const largest = new Set(verdicts.map(({ size }) => size));
  const arms = every.filter(({ size }) => largest.has(size));
  const share = (value: number | null): string => (value === null ? '' : percent(value));
  return [
    `${learnerTitle(learner)}:`,
    ...verdict.map((line) => `  ${line}`),
    ...(control ? [`  Control with shuffled labels: ${control.loses ? 'loses' : 'DOES NOT LOSE'}`] : []),
    table([
      [
        'arm',
        ...metrics.map((metric) => uncapitalised(METRIC_WORDS[metric].title)),
        'beside real',
        'standing',
        'Holm',
      ],
      ...arms.map((arm) => {
        const { value, interval } = arm.against?.differences[primaryOf(result)] ?? {
          value: null,
          interval: null,
        };
        const points = (part: number): string => (100 * part).toFixed(1);
        return [
          armWords(arm),
          ...metrics.map((metric) => share(arm.metrics[metric].value)),
          value === null
            ? ''
            : `${points(value)}${interval ? ` (${interval.map(points).join(' to ')})` : ''}`,
          arm.against ? STANDING_WORDS[arm.against.standing] : '',
          arm.against?.mcnemar ? figure(arm.against.mcnemar.holm) : '',
        ];
      }),
    ]),
    ...(arms.length < every.length
      ? [`and ${counted(every.length - arms.length, 'smaller arm')} (--json lists all)`]
      : []),
  ];
}
